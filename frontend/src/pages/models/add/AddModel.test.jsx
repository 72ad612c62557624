import { screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { show } from "../../../testing/render.jsx";
import { problem, serveApi } from "../../../testing/server.js";
import { AddModel } from "./AddModel.jsx";

const SYSTEM = { "GET system": () => ({ json: { maxUploadBytes: 100 } }) };
const NONE = /** @type {File[]} */ ([]);

/** @param {string[]} names */
const files = (...names) => names.map((name) => new File(["model"], name));

/** @param {string} body of a form */
const nameIn = (body) =>
  body.match(/name="name"\s+(.*)\s/)?.[1] ?? body.match(/filename="(.*)\.onnx"/)?.[1] ?? "";

it("adds several, each by its own name and description", async () => {
  const calls = await serveApi({
    ...SYSTEM,
    "POST models": ({ body }) => ({ status: 201, json: { name: nameIn(body) } }),
  });
  const close = vi.fn();
  const { user } = show(<AddModel files={files("a.onnx", "b.onnx", "b.onnx.data")} opened onClose={close} />);
  const b = within(await screen.findByRole("group", { name: "b.onnx" }));
  expect(b.getByText("b.onnx.data")).toBeTruthy();
  await user.type(b.getByRole("textbox", { name: "Name" }), "second");
  await user.type(b.getByRole("textbox", { name: "Description" }), "of two");
  await user.click(screen.getByRole("button", { name: "Upload" }));
  await vi.waitFor(() => expect(close).toHaveBeenCalled());
  expect(await screen.findByText("2 models were added.")).toBeTruthy();
  const sent = calls.filter(({ method }) => method === "POST").map(({ body }) => body);
  expect(sent.map(nameIn).sort()).toEqual(["a", "second"]);
  expect(sent.find((body) => nameIn(body) === "second")).toMatch(/of two[\s\S]*b\.onnx\.data/);
});

it("keeps what was refused, with the reason, while the others are added; it can be mended", async () => {
  const taken = { errors: [{ field: "name", message: "It exists already." }] };
  await serveApi({
    ...SYSTEM,
    "POST models": ({ body }) =>
      nameIn(body) === "b"
        ? problem(409, "name-taken", "Taken.", taken)
        : { status: 201, json: { name: nameIn(body) } },
  });
  const close = vi.fn();
  const { user } = show(<AddModel files={files("a.onnx", "b.onnx")} opened onClose={close} />);
  await screen.findByRole("group", { name: "b.onnx" });
  await user.click(screen.getByRole("button", { name: "Upload" }));
  expect(await screen.findByText("Added as 'a'.")).toBeTruthy();
  expect(await screen.findByText("It exists already.")).toBeTruthy();
  expect(close).not.toHaveBeenCalled();
  await user.type(screen.getByRole("textbox", { name: "Name" }), "b2");
  await user.click(screen.getByRole("button", { name: "Upload" }));
  await vi.waitFor(() => expect(close).toHaveBeenCalled());
});

it("doesn't send what is above the limit", async () => {
  const calls = await serveApi({ ...SYSTEM, "POST models": () => ({ status: 201, json: {} }) });
  const { user } = show(
    <AddModel files={[new File(["x".repeat(101)], "a.onnx")]} opened onClose={() => {}} />,
  );
  await screen.findByRole("group", { name: "a.onnx" });
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  await user.click(screen.getByRole("button", { name: "Upload" }));
  expect((await screen.findByRole("alert")).textContent).toContain("101 B is above the server's limit");
  expect(calls.map(({ path }) => path)).toEqual(["system"]);
});

it("cancels one and lets the other go on", async () => {
  await serveApi({
    ...SYSTEM,
    "POST models": ({ body }) =>
      nameIn(body) === "a" ? new Promise(() => {}) : { status: 201, json: { name: "b" } },
  });
  const { user } = show(<AddModel files={files("a.onnx", "b.onnx")} opened onClose={() => {}} />);
  await screen.findByRole("group", { name: "a.onnx" });
  await user.click(screen.getByRole("button", { name: "Upload" }));
  await user.click(await screen.findByRole("button", { name: "Cancel a.onnx" }));
  expect(screen.getByText("Cancelled; nothing of it was kept.")).toBeTruthy();
  expect(await screen.findByText("Added as 'b'.")).toBeTruthy();
});

it("asks to which model a data file belongs where it can't tell", async () => {
  await serveApi(SYSTEM);
  const { user } = show(<AddModel files={files("a.onnx", "b.onnx", "weights")} opened onClose={() => {}} />);
  await user.selectOptions(await screen.findByRole("combobox", { name: "weights belongs to" }), "b.onnx");
  const b = within(screen.getByRole("group", { name: "b.onnx" }));
  expect(b.getByText("weights")).toBeTruthy();
  expect(screen.queryByRole("combobox")).toBeNull();
});

it("asks for a file where there is none", async () => {
  await serveApi(SYSTEM);
  const { user } = show(<AddModel files={NONE} opened onClose={() => {}} />);
  await user.click(screen.getByRole("button", { name: "Upload" }));
  expect(screen.getByText("Choose an .onnx file.")).toBeTruthy();
});
