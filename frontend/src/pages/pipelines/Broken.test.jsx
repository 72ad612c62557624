import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Shell } from "../../shell/Shell.jsx";
import { show } from "../../testing/render.jsx";
import { aPipeline } from "../../testing/samples.js";
import { problem, serveApi } from "../../testing/server.js";
import PipelinesPage from "./PipelinesPage.jsx";

const WHY =
  "Its workers ended 5 times in a row, the last in the step pre-processing: killed by signal 6 (SIGABRT).";

const BROKEN = aPipeline({
  state: "broken",
  reason: WHY,
  steps: [
    { step: "pre-processing", name: "digits_pre.py", revision: 1, ready: false, reason: WHY },
    { step: "model", name: "digits", revision: 1, ready: true, reason: null },
  ],
});

/**
 * Show the page with one broken pipeline, as the server has it until somebody retries.
 *
 * @param {import("../../testing/server.js").Routes} [retry]
 * @param {string} [role]
 */
async function showBroken(retry = {}, role = "ADMIN") {
  const server = { pipeline: BROKEN };
  const calls = await serveApi({
    "GET session": () => ({ json: { name: "operator", role } }),
    "GET pipelines": () => ({ json: { items: [server.pipeline], nextCursor: null } }),
    ...retry,
  });
  const shown = show(
    <Shell>
      <PipelinesPage />
    </Shell>,
  );
  await screen.findByText(`Broken: ${BROKEN.reason}`);
  return { ...shown, calls, server };
}

const button = () => screen.findByRole("button", { name: "Try again: digits" });

it("says why, and which step is to blame", async () => {
  await showBroken();
  expect(screen.getByText("Step: Pre-processing, digits_pre.py")).toBeTruthy();
});

it("shows all of a long reason when asked", async () => {
  const reason = `${"very ".repeat(60)}long`;
  await serveApi({ "GET pipelines": () => ({ json: { items: [{ ...BROKEN, reason }] } }) });
  const { user } = show(
    <Shell>
      <PipelinesPage />
    </Shell>,
  );
  const shown = await screen.findByText(`Broken: ${reason}`);
  expect(shown.dataset.shortened).toBe("true");
  await user.click(screen.getByRole("button", { name: "Show all" }));
  expect(shown.dataset.shortened).toBe("false");
  expect(screen.getByRole("button", { name: "Show less" }).getAttribute("aria-expanded")).toBe("true");
});

it("tells that trying again goes on, and that the pipeline is ready then", async () => {
  /** @type {(value?: unknown) => void} */
  let start = () => {};
  const started = new Promise((resolve) => {
    start = resolve;
  });
  const { user, calls, server, client } = await showBroken({
    "POST pipelines/digits/retry": async () => {
      server.pipeline = aPipeline({ state: "starting" });
      await started;
      server.pipeline = aPipeline();
      return { json: server.pipeline };
    },
  });
  await user.click(await button());
  expect(await screen.findByText("Trying to start it.")).toBeTruthy();
  await client.refetchQueries();
  expect(await screen.findByText("starting")).toBeTruthy();
  expect(screen.getByText("Trying to start it.")).toBeTruthy();
  start();
  expect(await screen.findByText("Pipeline 'digits' is ready.")).toBeTruthy();
  expect(await screen.findByText("ready")).toBeTruthy();
  expect(screen.queryByText(/^Broken/)).toBeNull();
  expect(calls.filter(({ method }) => method === "POST").map(({ path }) => path)).toEqual([
    "pipelines/digits/retry",
  ]);
});

it("tells that the pipeline is broken still, and why now", async () => {
  const { user, server } = await showBroken({
    "POST pipelines/digits/retry": () => {
      server.pipeline = { ...BROKEN, reason: "No module named 'cv2'." };
      return { json: server.pipeline };
    },
  });
  await user.click(await button());
  expect(await screen.findByText("Pipeline 'digits' is still broken.")).toBeTruthy();
  expect(screen.getByText("Broken: No module named 'cv2'.")).toBeTruthy();
  expect(await button()).toBeTruthy();
});

it("says what came in between", async () => {
  const { user } = await showBroken({
    "POST pipelines/digits/retry": () => problem(404, "not-found", "There is no pipeline 'digits'."),
  });
  await user.click(await button());
  expect((await screen.findByRole("alert")).textContent).toBe("There is no pipeline 'digits'.");
});

it("offers no trying to who may read only", async () => {
  await showBroken({}, "READ");
  await screen.findByRole("button", { name: "Run pipeline digits" });
  expect(screen.queryByRole("button", { name: /Try again/ })).toBeNull();
});
