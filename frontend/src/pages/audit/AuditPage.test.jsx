import { AppShell } from "@mantine/core";
import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { aPipeline } from "../../testing/samples.js";
import { problem, serveApi } from "../../testing/server.js";
import AuditPage from "./AuditPage.jsx";

/** @import { AuditEntry } from "../../api/types.js" */

/**
 * @param {Partial<AuditEntry>} [changed]
 * @returns {AuditEntry}
 */
const anEntry = (changed) => ({
  id: "7",
  at: "2026-11-22T10:00:00Z",
  actor: { name: "ann", by: "password" },
  action: "pipeline.change",
  subject: { kind: "pipeline", name: "old name", id: aPipeline().id },
  dialect: "native",
  requestId: "r-1",
  address: "10.0.0.7",
  detail: {},
  ...changed,
});

/**
 * @param {import("../../testing/server.js").Routes} routes
 * @param {"ADMIN" | "READ"} [role]
 */
async function log(routes, role = "ADMIN") {
  const calls = await serveApi({
    "GET session": () => ({ json: { name: "somebody", role } }),
    "GET pipelines": () => ({ json: { items: [aPipeline()] } }),
    "GET models": () => ({ json: { items: [] } }),
    "GET resources": () => ({ json: { items: [] } }),
    ...routes,
  });
  return {
    calls,
    ...show(
      <AppShell>
        <AuditPage />
      </AppShell>,
    ),
  };
}

it("leads to a thing by its id, and unfolds what changed", async () => {
  const detail = {
    revision: 2,
    changes: {
      deadlineS: { from: null, to: 5 },
      pinned: { from: false, to: true },
      dataFiles: { from: [], to: ["a.json", "b.json"] },
      variables: { names: ["REGION"] },
    },
  };
  const { user } = await log({
    "GET audit": () => ({ json: { items: [anEntry({ detail })], nextCursor: null } }),
  });
  const row = await screen.findByRole("rowheader", { name: "Changed pipeline old name" });
  const link = await within(row).findByRole("link", { name: "old name" });
  expect(link.getAttribute("href")).toBe("/pipelines/digits");
  await user.click(screen.getByRole("button", { name: "Details: Changed pipeline old name" }));
  const facts = Object.fromEntries(
    screen.getAllByRole("term").map((term) => [term.textContent, term.nextSibling?.textContent]),
  );
  expect(facts).toMatchObject({
    "Deadline, s": "not set → 5",
    pinned: "no → yes",
    "Data files": "none → a.json, b.json",
    Variables: "REGION",
    Revision: "2",
    "Got in by": "a password",
    Address: "10.0.0.7",
    API: "Sluice",
    Request: "r-1",
  });
});

it("shows what it has no words for, and nobody where nobody is known", async () => {
  const odd = anEntry({
    action: "moon.land",
    subject: null,
    actor: { name: "", by: "nobody" },
    address: null,
  });
  await log({ "GET audit": () => ({ json: { items: [odd], nextCursor: null } }) });
  expect(await screen.findByRole("rowheader", { name: "moon.land" })).toBeTruthy();
  expect(screen.getByText("nobody known")).toBeTruthy();
});

it("goes on page by page", async () => {
  const { user, calls } = await log({
    "GET audit": ({ search }) =>
      search.includes("cursor=7")
        ? { json: { items: [anEntry({ id: "3", action: "model.add" })], nextCursor: null } }
        : { json: { items: [anEntry()], nextCursor: "7" } },
  });
  await user.click(await screen.findByRole("button", { name: "Show older ones" }));
  expect(await screen.findByRole("rowheader", { name: "Added model old name" })).toBeTruthy();
  expect(screen.getByText("Nothing older is kept.")).toBeTruthy();
  expect(calls.filter(({ path }) => path === "audit").map(({ search }) => search)).toEqual([
    "?limit=50",
    "?limit=50&cursor=7",
  ]);
});

it("says that there is nothing yet", async () => {
  await log({ "GET audit": () => ({ json: { items: [], nextCursor: null } }) });
  expect(await screen.findByText("Nobody has changed anything yet.")).toBeTruthy();
});

it("says why it can't be shown", async () => {
  await log({ "GET audit": () => problem(507, "disk-full", "The disk is full.") });
  expect(await screen.findByText("The disk is full.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
});

it("doesn't ask for what one may not read", async () => {
  const { calls } = await log({}, "READ");
  expect(await screen.findByRole("heading", { name: "Your role doesn't show this" })).toBeTruthy();
  expect(calls.some(({ path }) => path === "audit")).toBe(false);
});
