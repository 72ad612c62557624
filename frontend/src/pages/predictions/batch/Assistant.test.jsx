import { screen, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { show } from "../../../testing/render.jsx";
import { aModel, aPipeline } from "../../../testing/samples.js";
import { moveTo, problem, serveApi } from "../../../testing/server.js";
import { Assistant } from "./Assistant.jsx";

beforeEach(() => moveTo("http://127.0.0.1/predictions/batch"));

/** @param {import("../../../testing/server.js").Routes} routes */
const serve = (routes) =>
  serveApi({
    "GET system": () => ({ json: { maxBodyBytes: 100 } }),
    "GET pipelines": () => ({ json: { items: [aPipeline()] } }),
    "GET models": () => ({ json: { items: [aModel({ usedBy: ["digits"] })] } }),
    ...routes,
  });

/**
 * Choose the pipeline and give it files.
 *
 * @param {import("@testing-library/user-event").UserEvent} user
 * @param {...string} contents each the content of a file of that name
 */
async function run(user, ...contents) {
  await user.click(await screen.findByRole("combobox", { name: "Pipeline" }));
  await user.click(await screen.findByRole("option", { name: "digits" }));
  await user.click(screen.getByRole("button", { name: "Next" }));
  const files = contents.map((content) => new File([content], content.slice(0, 9)));
  await user.upload(await screen.findByLabelText("Files for digits"), files);
}

const rows = () =>
  within(screen.getByRole("list", { name: "Files" }))
    .getAllByRole("button")
    .map((row) => row.textContent?.replace(/ ([\d.]+ m?s)? /, " "));

it("runs each file, tells which failed and where, and runs those again", async () => {
  let n = 0;
  const calls = await serve({
    "POST pipelines/digits/predictions": () => {
      n += 1;
      if (n !== 2) return { text: `{"is": ${n}}` };
      const place = { step: "pre-processing", script: "pre.py", line: 3 };
      return problem(422, "prediction-failed", "It isn't a picture.", place);
    },
  });
  const { user } = show(<Assistant />);
  await run(user, "a", "b", "c");
  expect(await screen.findByText("2 of 3 files answered, 1 failed")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: /^\w .*failed$/ }));
  expect(screen.getByRole("alert").textContent).toMatch(
    /It isn't a picture.*Pre-processing, pre\.py, line 3/,
  );
  await user.click(screen.getByRole("button", { name: "Try 1 again" }));
  expect(await screen.findByText("3 of 3 files answered")).toBeTruthy();
  expect(rows()).toEqual(["a answered", "b answered", "c answered"]);
  expect(calls.filter(({ method }) => method === "POST")).toHaveLength(4);
});

it("sends nothing that is above the server's limit", async () => {
  const calls = await serve({ "POST pipelines/digits/predictions": () => ({ text: "1" }) });
  const { user } = show(<Assistant />);
  await run(user, "x".repeat(101));
  expect((await screen.findByRole("alert")).textContent).toContain(
    "101 B is above the server's limit of 100 bytes",
  );
  expect(calls.some(({ method }) => method === "POST")).toBe(false);
});

it("breaks all off", async () => {
  await serve({ "POST pipelines/digits/predictions": () => new Promise(() => {}) });
  const { user } = show(<Assistant />);
  await run(user, "a", "b", "c", "d");
  expect(await screen.findByText("0 of 4 files answered; running")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Cancel all" }));
  expect(rows()).toEqual(["a cancelled", "b cancelled", "c cancelled", "d cancelled"]);
  expect(screen.getByRole("button", { name: "Try 4 again" })).toBeTruthy();
});

it("says that what was chosen doesn't answer now", async () => {
  await serve({ "GET models": () => ({ json: { items: [aModel({ active: false })] } }) });
  moveTo(document.baseURI.replace(/\/$/, "/predictions/batch?pipelines=digits"));
  show(<Assistant />);
  expect(await screen.findByText("'digits' doesn't answer now")).toBeTruthy();
  expect(screen.getByText("Model 'digits' is inactive. Activate it under Models.")).toBeTruthy();
});

it("asks for a choice", async () => {
  await serve({});
  const { user } = show(<Assistant />);
  await user.click(await screen.findByRole("button", { name: "Next" }));
  expect(screen.getByText("Choose a pipeline.")).toBeTruthy();
});
