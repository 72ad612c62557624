import { AppShell } from "@mantine/core";
import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { aLastHour, aModel, anEnvironment, aPipeline, aResource, aSystem } from "../../testing/samples.js";
import { problem, serveApi } from "../../testing/server.js";
import HomePage from "./HomePage.jsx";

const GB = 1e9;
const SYSTEM = aSystem({ disk: { freeBytes: 50 * GB, totalBytes: 200 * GB, dataBytes: 1 * GB } });

/**
 * @param {import("../../testing/server.js").Routes} routes
 * @param {"ADMIN" | "READ"} [role]
 */
async function home(routes, role = "ADMIN") {
  await serveApi({
    "GET session": () => ({ json: { name: "somebody", role } }),
    "GET pipelines": () => ({ json: { items: [aPipeline()] } }),
    "GET models": () => ({ json: { items: [aModel()] } }),
    "GET resources": () => ({ json: { items: [aResource()] } }),
    "GET statistics": () => ({ json: { items: [] } }),
    "GET system": () => ({ json: SYSTEM }),
    ...routes,
  });
  return show(
    <AppShell>
      <HomePage />
    </AppShell>,
  );
}

const attention = () => screen.findByRole("region", { name: "Needs attention" });

it("is calm when all is well", async () => {
  await home({});
  expect(within(await attention()).getByText("All is well.")).toBeTruthy();
  const nothing = await screen.findByText("Nothing was called yet. Open a pipeline to try it:");
  expect(within(nothing).getByRole("link", { name: "digits" }).getAttribute("href")).toBe(
    "/pipelines/digits",
  );
  expect(screen.queryByRole("region", { name: "First steps" })).toBeNull();
});

it("tells all that is wrong, the worst first, and leads there", async () => {
  await home({
    "GET pipelines": () => ({
      json: {
        items: [
          aPipeline({ id: "1", name: "off", state: "inactive", reason: "Its model is inactive." }),
          aPipeline({ id: "2", name: "bad one", state: "broken", reason: "No worker starts." }),
        ],
      },
    }),
    "GET resources": () => ({
      json: {
        items: [
          aResource({
            name: "geo.py",
            environment: anEnvironment({ state: "failed", reason: "No such package." }),
          }),
        ],
      },
    }),
    "GET statistics": () => ({
      json: { items: [aLastHour({ name: "off", calls: 1, failures: 1 }), aLastHour({ name: "bad one" })] },
    }),
    "GET system": () => ({
      json: {
        ...SYSTEM,
        sandbox: { ...SYSTEM.sandbox, level: "partial", missing: ["No Landlock."] },
        disk: { freeBytes: 0.4 * GB, totalBytes: 200 * GB, dataBytes: 1 * GB },
      },
    }),
  });
  await screen.findByText(/1 of 1 call failed/);
  await screen.findByText(/The packages of/);
  const items = within(await attention()).getAllByRole("listitem");
  expect(items.map((item) => item.textContent)).toEqual([
    "Pipeline 'bad one' is brokenNo worker starts.",
    "The packages of 'geo.py' aren't installed: shapelyNo such package.",
    "Pipeline 'off' is inactiveIts model is inactive.",
    "Pipeline 'off': 1 of 1 call failed in the last hour",
    "This machine can't hold scripts back as it shouldNo Landlock.",
    "The disk is nearly full: 400 MB of 200 GB are freeThe data folder takes 1.00 GB.",
  ]);
  expect(within(items[0]).getByRole("link").getAttribute("href")).toBe("/pipelines/bad%20one");
});

it("shows what ran last first", async () => {
  await home({
    "GET statistics": () => ({
      json: {
        items: [
          aLastHour({ kind: "model", name: "older", failures: 0 }),
          aLastHour({ name: "newer", lastAt: "2026-11-22T13:59:00Z", failures: 0, p50Ms: null, p99Ms: null }),
        ],
      },
    }),
  });
  const table = await screen.findByRole("table", { name: "What ran lately" });
  const [, first, second] = within(table).getAllByRole("row");
  expect(within(first).getByRole("link", { name: "newer" }).getAttribute("href")).toBe("/pipelines/newer");
  expect(within(second).getByRole("link", { name: "older" }).getAttribute("href")).toBe("/models/older");
  expect(within(second).getByText("6.41 ms")).toBeTruthy();
});

const NOTHING = () => ({ json: { items: [] } });
const EMPTY = { "GET pipelines": NOTHING, "GET models": NOTHING, "GET resources": NOTHING };

it("loads the examples with one click and says what went wrong", async () => {
  const { user } = await home({
    ...EMPTY,
    "POST examples": () => ({
      json: {
        items: [
          { pipeline: "digits", created: true, problem: null },
          { pipeline: "iris", created: false, problem: { detail: "The disk is full." } },
        ],
      },
    }),
  });
  await user.click(await screen.findByRole("button", { name: "Load the examples" }));
  expect(await screen.findByText("Pipeline digits can be tried now.")).toBeTruthy();
  expect(screen.getByText("The disk is full.")).toBeTruthy();
});

it("says why no example was loaded", async () => {
  const { user } = await home({
    ...EMPTY,
    "POST examples": () => problem(507, "disk-full", "No room is left."),
  });
  await user.click(await screen.findByRole("button", { name: "Load the examples" }));
  expect((await screen.findByRole("alert")).textContent).toContain("No room is left.");
});

it("offers nothing to change to one who may only look", async () => {
  await home(EMPTY, "READ");
  expect(await screen.findByText(/your role may not add anything/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Load the examples" })).toBeNull();
});
