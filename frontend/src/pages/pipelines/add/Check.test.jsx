import { screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { show } from "../../../testing/render.jsx";
import { aModel, anEnvironment, aResource } from "../../../testing/samples.js";
import { problem, serveApi } from "../../../testing/server.js";
import { AddPipelineForm } from "../AddPipelineForm.jsx";

/** @typedef {import("../../../testing/server.js").Reply} Reply */

const GOOD = { ok: true, loaded: true, ran: true, sample: "input", problem: null, output: 1, trace: null };
const RESOURCES = [aResource(), aResource({ name: "labels.json", kind: "data" })];

/**
 * Show the form with a model chosen, and a server that checks so.
 *
 * @param {() => Reply | Promise<Reply>} reply
 * @param {import("../../../api/types.js").Resource[]} [resources]
 */
async function showForm(reply, resources = RESOURCES) {
  const calls = await serveApi({ "POST pipelines/check": reply });
  const onWiden = vi.fn();
  const models = [aModel(), aModel({ id: "2", name: "asleep", active: false })];
  const shown = show(
    <AddPipelineForm models={models} resources={resources} onClose={() => {}} onWiden={onWiden} />,
  );
  await choose(shown.user, "ONNX model", "digits");
  return { ...shown, calls, onWiden };
}

/**
 * @param {import("@testing-library/user-event").UserEvent} user
 * @param {string} label
 * @param {string} option
 */
async function choose(user, label, option) {
  await user.click(screen.getByRole("combobox", { name: label }));
  await user.click(await screen.findByRole("option", { name: option }));
}

const panel = () => screen.getByRole("region", { name: "Check" });
const press = () => screen.getByRole("button", { name: "Check" });

it("shows what the model expects and what is wrong with it", async () => {
  const { user } = await showForm(() => ({ json: GOOD }));
  const expected = screen.getByRole("list", { name: "Expects" });
  expect(within(expected).getByRole("listitem").textContent).toBe("x FP32 [N, 64]");
  expect(screen.queryByText(/model is inactive/)).toBeNull();
  await choose(user, "ONNX model", "asleep");
  expect(screen.getByText(/model is inactive/)).toBeTruthy();
});

it("shows a script's part and what the server knows against it", async () => {
  const warnings = [{ line: 3, module: "cv2", message: "There is no module 'cv2'." }];
  const { user } = await showForm(() => ({ json: GOOD }), [aResource({ warnings })]);
  expect(screen.getByText("callers send")).toBeTruthy();
  await choose(user, "Pre-processing resource", "digits_pre.py");
  expect(screen.getByText("the request's bytes")).toBeTruthy();
  expect(screen.getByText("Line 3: There is no module 'cv2'.")).toBeTruthy();
});

it("keeps helper modules apart from data files, and both from scripts", async () => {
  const { user } = await showForm(
    () => ({ json: GOOD }),
    [...RESOURCES, aResource({ name: "helper.py", kind: "module" })],
  );
  await user.click(screen.getByRole("combobox", { name: "Data files" }));
  const group = (/** @type {string} */ name) =>
    within(screen.getByRole("group", { name })).getAllByRole("option");
  expect(group("Helper modules").map((option) => option.textContent)).toEqual(["helper.py"]);
  expect(group("Data files").map((option) => option.textContent)).toEqual(["labels.json"]);
  expect(screen.queryByRole("option", { name: "digits_pre.py" })).toBeNull();
});

it("runs a dropped file through the parts, and needs no name for it", async () => {
  const { user, calls, onWiden } = await showForm(() => ({
    text: '{"ok":true,"loaded":true,"ran":true,"sample":"input","problem":null,"output":9007199254740993,"trace":null}',
  }));
  await choose(user, "Pre-processing resource", "digits_pre.py");
  await user.click(press());
  await screen.findByText("It works: the sample ran through all steps.");
  expect(onWiden).toHaveBeenCalled();
  await user.click(within(panel()).getByRole("tab", { name: "File" }));
  expect(screen.getByText("Parts or input have changed since this check.")).toBeTruthy();
  await user.upload(screen.getByLabelText("Input file"), new File(["picture"], "seven.png"));
  await user.click(press());
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[1].body).toContain('"preProcessing":"digits_pre.py"');
  expect(calls[1].body).not.toContain('"name"');
  expect(calls[1].body).toMatch(/name="input"; filename="seven.png"[\s\S]*picture/);
  const answer = await screen.findByRole("region", { name: "Answer" });
  expect(answer.textContent).toContain("9007199254740993");
});

it("sends JSON, and a data file by its name", async () => {
  const { user, calls } = await showForm(() => ({ json: GOOD }));
  await choose(user, "Data files", "labels.json");
  await user.click(press());
  await screen.findByText("It works: the sample ran through all steps.");
  await user.click(within(panel()).getByRole("tab", { name: "JSON" }));
  await user.click(press());
  expect(screen.getByText("Enter JSON.")).toBeTruthy();
  await user.click(screen.getByLabelText("JSON input"));
  await user.paste('{"x": [[1]]}');
  await user.click(press());
  await waitFor(() => expect(calls).toHaveLength(2));
  expect(calls[1].body).toContain('{"x": [[1]]}');
  await user.click(within(panel()).getByRole("tab", { name: "Sample" }));
  await choose(user, "Sample", "labels.json");
  await user.click(press());
  await waitFor(() => expect(calls).toHaveLength(3));
  expect(calls[2].body).toContain('"sample":"labels.json"');
});

it("shows the step that would fail, the script's line and the way out", async () => {
  const failed = {
    detail: "The pre-processing script 'digits_pre.py' can't be loaded at line 3: No module named 'cv2'.",
    step: "pre-processing",
    script: "digits_pre.py",
    line: 3,
  };
  const { user } = await showForm(() => ({
    json: { ...GOOD, ok: false, loaded: false, ran: false, problem: failed, output: null },
  }));
  await user.click(press());
  const alert = await within(panel()).findByText(/No module named 'cv2'/);
  expect(alert).toBeTruthy();
  expect(panel().textContent).toContain("Pre-processing, digits_pre.py, line 3");
  expect(screen.queryByText(/It works/)).toBeNull();
});

it("tells that the parts load where there is nothing to run them on", async () => {
  const { user } = await showForm(() => ({ json: { ...GOOD, ran: false, sample: null, output: null } }));
  await user.click(press());
  expect(await screen.findByText("The parts load.")).toBeTruthy();
  expect(screen.getByText(/They were not run/)).toBeTruthy();
});

it("says why it could not be checked", async () => {
  const { user } = await showForm(() => problem(503, "pipeline-broken", "All workers are busy."));
  await user.click(press());
  expect((await screen.findByRole("alert")).textContent).toContain("All workers are busy.");
});

it("can be cancelled, and says nothing then", async () => {
  const { user } = await showForm(() => new Promise(() => {}));
  await user.click(press());
  await user.click(await screen.findByRole("button", { name: "Cancel check" }));
  expect(await screen.findByRole("button", { name: "Check" })).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

it("asks for a model first", async () => {
  const calls = await serveApi({});
  const { user } = show(<AddPipelineForm models={[aModel()]} resources={[]} onClose={() => {}} />);
  await user.click(press());
  expect(screen.getByText("Choose a model.")).toBeTruthy();
  expect(calls).toEqual([]);
});

it("warns of packages that aren't installed", async () => {
  const environment = anEnvironment({ state: "absent" });
  const { user } = await showForm(() => ({ json: GOOD }), [aResource({ environment })]);
  await choose(user, "Pre-processing resource", "digits_pre.py");
  expect(screen.getByText(/digits_pre\.py needs shapely\./)).toBeTruthy();
});
