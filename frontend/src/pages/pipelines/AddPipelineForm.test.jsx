import { screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { show } from "../../testing/render.jsx";
import { aModel, anEnvironment, aPipeline, aResource } from "../../testing/samples.js";
import { problem, serveApi } from "../../testing/server.js";
import { AddPipelineForm } from "./AddPipelineForm.jsx";

const RESOURCES = [aResource(), aResource({ name: "labels.json", kind: "data" })];

function showForm(resources = RESOURCES) {
  const onClose = vi.fn();
  const shown = show(<AddPipelineForm models={[aModel()]} resources={resources} onClose={onClose} />);
  return { ...shown, onClose };
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

it("sends what was chosen and says that it was added", async () => {
  const calls = await serveApi({
    "POST pipelines": () => ({ status: 201, json: aPipeline({ name: "mine" }) }),
  });
  const { user, onClose } = showForm();
  await user.type(screen.getByLabelText(/^Name/), "mine");
  await choose(user, "ONNX model", "digits");
  await choose(user, "Pre-processing resource", "digits_pre.py");
  await choose(user, "Data files", "labels.json");
  await user.click(screen.getByRole("button", { name: "Apply" }));
  await screen.findByText("Pipeline 'mine' was added.");
  expect(onClose).toHaveBeenCalled();
  expect(JSON.parse(calls[0].body)).toEqual({
    name: "mine",
    model: "digits",
    preProcessing: "digits_pre.py",
    postProcessing: null,
    dataFiles: ["labels.json"],
  });
});

it("begins at its first field, however late it comes into the modal", () => {
  showForm();
  expect(document.activeElement).toBe(screen.getByLabelText(/^Name/));
});

it("isn't sent without what is required", async () => {
  const calls = await serveApi({});
  const { user } = showForm();
  await user.click(screen.getByRole("button", { name: "Apply" }));
  expect(await screen.findByText("Enter a name.")).toBeTruthy();
  expect(screen.getByText("Choose a model.")).toBeTruthy();
  expect(calls).toEqual([]);
});

it("shows a refusal beside the field it is about, and nowhere else", async () => {
  const message = "A pipeline named 'digits' exists already.";
  await serveApi({
    "POST pipelines": () => problem(409, "name-taken", message, { errors: [{ field: "name", message }] }),
  });
  const { user, onClose } = showForm();
  await user.type(screen.getByLabelText(/^Name/), "digits");
  await choose(user, "ONNX model", "digits");
  await user.click(screen.getByRole("button", { name: "Apply" }));
  const shown = await screen.findByText(message);
  expect(screen.getByLabelText(/^Name/).getAttribute("aria-describedby")).toContain(shown.id);
  expect(screen.queryByRole("alert")).toBeNull();
  expect(onClose).not.toHaveBeenCalled();
});

it("shows where a script failed that doesn't load", async () => {
  await serveApi({
    "POST pipelines": () =>
      problem(422, "invalid-pipeline", "The script doesn't load.", {
        errors: [{ field: "preProcessing", message: "It doesn't load." }],
        step: "pre-processing",
        script: "digits_pre.py",
        line: 3,
        lineText: "import cv2",
        exception: "ModuleNotFoundError: No module named 'cv2'",
        printed: "hello\n",
      }),
  });
  const { user } = showForm();
  await user.type(screen.getByLabelText(/^Name/), "x");
  await choose(user, "ONNX model", "digits");
  await user.click(screen.getByRole("button", { name: "Apply" }));
  const alert = await screen.findByRole("alert");
  for (const text of [
    "doesn't load",
    "Pre-processing, digits_pre.py, line 3",
    "import cv2",
    "ModuleNotFoundError",
    "hello",
  ]) {
    expect(alert.textContent).toContain(text);
  }
  await waitFor(() => expect(screen.getByText("It doesn't load.")).toBeTruthy());
});

it("says beside a script that its packages could not be installed", async () => {
  await serveApi({});
  const environment = anEnvironment({ state: "failed", reason: "?", requires: ["shapeley"] });
  const { user } = showForm([aResource({ environment })]);
  await choose(user, "Pre-processing resource", "digits_pre.py");
  const hint = screen.getByText(/digits_pre\.py needs shapeley\. Installing failed\./);
  expect(screen.getByRole("link", { name: "Open the log" })).toBeTruthy();
  const field = screen.getByRole("combobox", { name: "Pre-processing resource" });
  const description = document.getElementById(field.getAttribute("aria-describedby") ?? "");
  expect(description?.contains(hint)).toBe(true);
});

it("shows what the server says while packages are being installed", async () => {
  const message = "The pipeline 'x' can't run: The packages shapely are still being installed. Try again.";
  await serveApi({
    "POST pipelines": () =>
      problem(503, "pipeline-broken", message, { step: "environment", kind: "environment-building" }),
  });
  const { user } = showForm([aResource({ environment: anEnvironment({ state: "building" }) })]);
  await user.type(screen.getByLabelText(/^Name/), "x");
  await choose(user, "ONNX model", "digits");
  await choose(user, "Pre-processing resource", "digits_pre.py");
  expect(screen.getByText(/needs shapely\. Installing goes on/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Apply" }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain(message);
  expect(alert.textContent).toContain("Packages");
});
