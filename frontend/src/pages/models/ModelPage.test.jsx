import { AppShell } from "@mantine/core";
import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { aModel } from "../../testing/samples.js";
import { problem, serveApi } from "../../testing/server.js";
import ModelPage from "./ModelPage.jsx";

/**
 * @param {import("../../testing/server.js").Routes} routes
 * @param {"ADMIN" | "READ"} [role]
 */
const serve = (routes, role = "ADMIN") =>
  serveApi({
    "GET session": () => ({ json: { name: "me", role } }),
    "GET system": () => ({ json: { maxUploadBytes: 1000 } }),
    ...routes,
  });

/** @param {string} name */
const open = (name) =>
  show(
    <AppShell>
      <ModelPage name={name} />
    </AppShell>,
  );

const digits = aModel({ usedBy: ["digits", "other"] });

it("says which pipeline refuses other content, where, and that nothing changed", async () => {
  const pipelines = [
    { pipeline: "digits", step: "pre-processing", script: "pre.py", line: 7, message: "It isn't there." },
  ];
  const calls = await serve({
    "GET models": () => ({ json: { items: [digits] } }),
    "PUT models/digits/content": () => problem(422, "invalid-pipeline", "One doesn't load.", { pipelines }),
  });
  const { user } = open("digits");
  await user.click(await screen.findByRole("button", { name: "Replace" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Replace model digits" }));
  await user.upload(dialog.getByLabelText("New model files", { exact: false }), new File(["m"], "m.onnx"));
  await user.click(dialog.getByRole("button", { name: "Upload" }));
  const alert = await dialog.findByRole("alert");
  expect(alert.textContent).toMatch(/digits: Pre-processing, pre\.py, line 7.*It isn't there/);
  expect(calls.find(({ method }) => method === "PUT")?.ifMatch).toBe('"1-1"');
});

it("lets a change that came too late be made again, knowing theirs", async () => {
  let now = digits;
  const calls = await serve({
    "GET models": () => ({ json: { items: [now] } }),
    "PATCH models/digits": ({ ifMatch }) => {
      if (ifMatch === '"1-2"') return { json: { ...now, revision: 3, description: "mine" } };
      now = aModel({ ...digits, revision: 2, description: "theirs" });
      return problem(412, "precondition-failed", "Somebody was faster.");
    },
  });
  const { user } = open("digits");
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Edit model digits" }));
  await user.type(dialog.getByRole("textbox", { name: "Description" }), "mine");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  expect(await dialog.findByText("theirs")).toBeTruthy();
  await user.click(dialog.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Model 'digits' was changed.")).toBeTruthy();
  const sent = calls.filter(({ method }) => method === "PATCH");
  expect(sent.map(({ body, ifMatch }) => [JSON.parse(body), ifMatch])).toEqual([
    [{ description: "mine" }, '"1-1"'],
    [{ description: "mine" }, '"1-2"'],
  ]);
});

it("asks before it switches off what pipelines need, and not where none does", async () => {
  let now = digits;
  const calls = await serve({
    "GET models": () => ({ json: { items: [now] } }),
    "PATCH models/digits": ({ body }) => {
      now = { ...now, ...JSON.parse(body), revision: now.revision + 1 };
      return { json: now };
    },
  });
  const { user } = open("digits");
  await user.click(await screen.findByRole("switch", { name: "Active: digits" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Deactivate model digits" }));
  expect(dialog.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["digits", "other"]);
  expect(calls.some(({ method }) => method === "PATCH")).toBe(false);
  await user.click(dialog.getByRole("button", { name: "Deactivate" }));
  expect(await screen.findByText("2 pipelines stand still")).toBeTruthy();
  await user.click(screen.getByRole("switch", { name: "Active: digits" }));
  expect(await screen.findByText("Model 'digits' is active.")).toBeTruthy();
});

it("shows who may only read nothing to change", async () => {
  await serve({ "GET models": () => ({ json: { items: [digits] } }) }, "READ");
  open("digits");
  expect(await screen.findByText("active")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Download" })).toBeTruthy();
  for (const name of ["Edit", "Replace", "Delete"]) expect(screen.queryByRole("button", { name })).toBeNull();
  expect(screen.queryByRole("switch")).toBeNull();
});

it("says that there is no such model", async () => {
  await serve({ "GET models": () => ({ json: { items: [digits] } }) });
  open("nope");
  expect(await screen.findByRole("heading", { name: "There is no model 'nope'" })).toBeTruthy();
});
