import { fireEvent, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { Shell } from "../../shell/Shell.jsx";
import { show } from "../../testing/render.jsx";
import { anEnvironment, aPipeline } from "../../testing/samples.js";
import { serveApi } from "../../testing/server.js";
import { words } from "../../words.js";
import PipelinesPage from "./PipelinesPage.jsx";

/**
 * @param {import("../../api/types.js").Pipeline[]} items
 * @param {string} [role]
 */
async function showPage(items, role = "ADMIN") {
  await serveApi({
    "GET session": () => ({ json: { name: "operator", role } }),
    "GET pipelines": () => ({ json: { items, nextCursor: null } }),
  });
  show(
    <Shell>
      <PipelinesPage />
    </Shell>,
  );
  await screen.findByText(/^\d+ pipelines?$/);
}

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
