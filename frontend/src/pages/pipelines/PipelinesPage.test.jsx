import { fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { Shell } from "../../shell/Shell.jsx";
import { show } from "../../testing/render.jsx";
import { aLastHour, anEnvironment, aPipeline } from "../../testing/samples.js";
import { serveApi } from "../../testing/server.js";
import { words } from "../../words.js";
import PipelinesPage from "./PipelinesPage.jsx";

/**
 * @param {import("../../api/types.js").Pipeline[]} items
 * @param {string} [role]
 * @param {import("../../api/types.js").LastHour[]} [lastHours]
 */
async function showPage(items, role = "ADMIN", lastHours = []) {
  await serveApi({
    "GET session": () => ({ json: { name: "operator", role } }),
    "GET pipelines": () => ({ json: { items, nextCursor: null } }),
    "GET statistics": () => ({ json: { items: lastHours, endsAt: "2026-11-22T14:00:00Z" } }),
  });
  show(
    <Shell>
      <PipelinesPage />
    </Shell>,
  );
  await screen.findByText(/^\d+ pipelines?$/);
}

beforeEach(() => localStorage.clear());

it("counts in good English", async () => {
  await showPage([aPipeline()]);
  expect(screen.getByText("1 pipeline")).toBeTruthy();
});

it("shows the three steps, also those that are missing", async () => {
  await showPage([aPipeline()]);
  const card = screen.getByRole("article", { name: "digits" });
  const steps = within(within(card).getByRole("list", { name: "Steps" })).getAllByRole("listitem");
  expect(steps.map((step) => step.textContent)).toEqual([
    "Pre-processing: digits_pre.py",
    "Model: digits",
    "Post-processing: none",
  ]);
  expect(within(card).getByText("ready")).toBeTruthy();
});

it("tells that a pipeline's packages are being installed", async () => {
  await showPage([aPipeline({ state: "starting", environment: anEnvironment({ state: "building" }) })]);
  expect(screen.getByText("Installing shapely")).toBeTruthy();
});

it("has a pipeline's packages in its details", async () => {
  await showPage([aPipeline({ environment: anEnvironment() })]);
  fireEvent.click(screen.getByRole("button", { name: words.pipelines.details("digits") }));
  expect(await screen.findByRole("button", { name: "Install again" })).toBeTruthy();
});

it("tells what happened to a pipeline's workers", async () => {
  const note = { at: "2026-01-02T03:04:05Z", text: "A worker was replaced." };
  await showPage([aPipeline({ notes: [note] })]);
  fireEvent.click(screen.getByRole("button", { name: words.pipelines.details("digits") }));
  expect(await screen.findByText(/A worker was replaced\./)).toBeTruthy();
});

it("offers changes to who may change only", async () => {
  await showPage([aPipeline()]);
  expect(await screen.findByRole("button", { name: "Add pipeline" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Delete pipeline digits" })).toBeTruthy();
});

it("offers looking and running to who may read", async () => {
  await showPage([aPipeline()], "READ");
  expect(screen.getByRole("button", { name: "Run pipeline digits" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Add pipeline" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Delete pipeline digits" })).toBeNull();
});

it("leads to a pipeline's own page by its name", async () => {
  await showPage([aPipeline({ name: "a/b" })]);
  expect(screen.getByRole("link", { name: "a/b" }).getAttribute("href")).toBe("/pipelines/a%2Fb");
});

it("finds pipelines by what runs in them", async () => {
  await showPage([
    aPipeline({ id: "1", name: "one", model: "digits" }),
    aPipeline({ id: "2", name: "two", model: "iris" }),
  ]);
  fireEvent.change(screen.getByRole("searchbox", { name: "Search pipelines" }), {
    target: { value: "iris" },
  });
  expect(await screen.findAllByText("1 of 2 pipelines")).not.toEqual([]);
  expect(screen.queryByRole("article", { name: "one" })).toBeNull();
  expect(screen.getByRole("article", { name: "two" })).toBeTruthy();
});

it("says why a pipeline is inactive and leads to what is switched off", async () => {
  await showPage([aPipeline({ state: "inactive", reason: "The model 'digits' is inactive." })]);
  const card = within(screen.getByRole("article", { name: "digits" }));
  expect(card.getByText("inactive")).toBeTruthy();
  expect(card.getByText(/The model 'digits' is inactive\./)).toBeTruthy();
  expect(card.getByRole("link", { name: "Go to the model" }).getAttribute("href")).toBe("/models/digits");
});

it("has a table with what is urgent first, the reasons and the same actions", async () => {
  localStorage.setItem("sluice-list-pipelines", JSON.stringify({ view: "table", sort: "state" }));
  await showPage([
    aPipeline({ id: "1", name: "fine" }),
    aPipeline({ id: "2", name: "sick", state: "broken", reason: "No module named 'cv2'" }),
  ]);
  const table = within(screen.getByRole("table", { name: "Pipelines" }));
  expect(table.getAllByRole("rowheader").map((cell) => cell.textContent)).toEqual(["sick", "fine"]);
  expect(table.getByRole("columnheader", { name: "State" }).getAttribute("aria-sort")).toBe("descending");
  expect(table.getByText("Broken: No module named 'cv2'")).toBeTruthy();
  expect(table.getByRole("button", { name: "Try again: sick" })).toBeTruthy();
  for (const action of ["Run pipeline fine", "Delete pipeline fine", "Pipeline details: fine"]) {
    expect(table.getByRole("button", { name: action })).toBeTruthy();
  }
  expect(screen.getByRole("button", { name: "Add pipeline" })).toBeTruthy();
});

it("shows how the last hour went", async () => {
  const items = [
    aPipeline({ id: "1", name: "busy" }),
    aPipeline({ id: "2", name: "fresh" }),
    aPipeline({ id: "3", name: "left" }),
  ];
  const quiet = { calls: 0, failures: 0, p50Ms: null, p99Ms: null };
  await showPage(items, "READ", [
    aLastHour({ name: "busy", calls: 1204, failures: 3 }),
    aLastHour({ name: "fresh", kind: "model" }),
    aLastHour({ name: "left", ...quiet }),
  ]);
  const card = (/** @type {string} */ name) => screen.getByRole("article", { name });
  await within(card("busy")).findByText("1,204 calls in the last hour");
  for (const text of ["3 failures", "p50 1.93 ms", "p99 6.41 ms"]) {
    expect(within(card("busy")).getByText(text)).toBeTruthy();
  }
  expect(within(card("busy")).getByRole("img").getAttribute("aria-label")).toContain("last hour");
  expect(card("fresh").textContent).toContain("Not called yet");
  expect(card("left").textContent).toContain("Last call");
});
