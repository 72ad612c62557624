import { AppShell } from "@mantine/core";
import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { Route } from "wouter";
import { show } from "../../testing/render.jsx";
import { aPipeline, aSession, aSystem } from "../../testing/samples.js";
import { moveTo, problem, serveApi } from "../../testing/server.js";
import SettingsPage from "./SettingsPage.jsx";

/** @import { Session } from "../../api/types.js" */

/**
 * @param {string} part
 * @param {import("../../testing/server.js").Routes} routes
 * @param {Partial<Session>} [session]
 */
async function settings(part, routes, session) {
  const calls = await serveApi({
    "GET session": () => ({ json: aSession(session) }),
    "GET pipelines": () => ({ json: { items: [aPipeline()] } }),
    "GET system": () => ({ json: aSystem() }),
    ...routes,
  });
  moveTo(new URL(`/settings/${part}`, document.baseURI).href);
  const shown = show(
    <AppShell>
      <Route path="/settings/:part?">
        <SettingsPage />
      </Route>
    </AppShell>,
  );
  return { ...shown, calls };
}

it("makes a token that is bound to pipelines, and shows its secret once", async () => {
  const token = {
    id: "7",
    name: "line 4",
    role: "PREDICT",
    pipelines: ["digits"],
    createdAt: "2026-11-22T10:00:00Z",
    lastUsedAt: null,
    expiresAt: null,
  };
  /** @type {object[]} */
  const kept = [];
  const { user, calls } = await settings("tokens", {
    "GET tokens": () => ({ json: { items: kept } }),
    "POST tokens": () => {
      kept.push(token);
      return { status: 201, json: { ...token, secret: "slc_once" } };
    },
  });
  await screen.findByText(/No tokens yet/);
  await user.click(screen.getByText("New token"));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByLabelText(/^Name/), "line 4");
  await user.click(within(dialog).getByText("Make the token"));
  await within(dialog).findByText("Choose a pipeline.");
  await user.click(within(dialog).getByRole("combobox", { name: "Pipelines" }));
  await user.click(screen.getByRole("option", { name: "digits" }));
  await user.click(within(dialog).getByText("Make the token"));
  await screen.findByDisplayValue("slc_once");
  expect(JSON.parse(calls.find(({ method }) => method === "POST")?.body ?? "")).toEqual({
    name: "line 4",
    role: "PREDICT",
    pipelines: ["digits"],
    expiresAt: null,
  });
  await user.keyboard("{Escape}");
  await user.click(screen.getByText("Done"));
  await screen.findByText("not yet");
  expect(screen.queryByDisplayValue("slc_once")).toBeNull();
});

it("finds one token among many, and orders them", async () => {
  const items = ["line 4", "camera", "line 5"].map((name, n) => ({
    id: `${n}`,
    name,
    role: n === 1 ? "PREDICT" : "READ",
    pipelines: n === 1 ? ["digits"] : null,
    createdAt: "2026-11-22T10:00:00Z",
    lastUsedAt: n === 0 ? null : `2026-11-2${n}T10:00:00Z`,
    expiresAt: null,
  }));
  const { user } = await settings("tokens", { "GET tokens": () => ({ json: { items } }) });
  const names = () => screen.queryAllByRole("rowheader").map((cell) => cell.textContent);
  await waitFor(() => expect(names()).toEqual(["line 4", "camera", "line 5"]));
  await user.selectOptions(screen.getByLabelText("Sort by"), "Last used");
  expect(names()).toEqual(["line 5", "camera", "line 4"]);
  const field = screen.getByRole("searchbox", { name: "Search tokens" });
  await user.type(field, "digits");
  await waitFor(() => expect(names()).toEqual(["camera"]));
  await user.type(field, "?");
  await screen.findByText('Nothing here matches "digits?".');
  await user.click(screen.getByText("Show all"));
  await waitFor(() => expect(names()).toHaveLength(3));
});

const ANN = {
  id: "3",
  name: "ann",
  revision: 4,
  role: "ADMIN",
  pipelines: null,
  createdAt: "2026-11-22T10:00:00Z",
  lastUsedAt: null,
  hasPassword: true,
};

it("sends of a user what was changed, and says why something can't be", async () => {
  const { user, calls } = await settings("users", {
    "GET users": () => ({ json: { items: [ANN] } }),
    "PATCH users/3": () => problem(409, "last-administrator", "'ann' is the last user of role ADMIN."),
  });
  await user.click(await screen.findByRole("button", { name: "Change user ann" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("radio", { name: "READ" }));
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  expect((await within(dialog).findByRole("alert")).textContent).toContain("the last user of role ADMIN");
  expect(calls.find(({ method }) => method === "PATCH")).toMatchObject({
    body: '{"role":"READ"}',
    ifMatch: '"3-4"',
  });
});

it("puts a user's change on top of what somebody else changed meanwhile", async () => {
  let now = ANN;
  const { user, calls } = await settings("users", {
    "GET users": () => ({ json: { items: [now] } }),
    "PATCH users/3": ({ ifMatch }) => {
      if (ifMatch === '"3-5"') return { json: { ...now, role: "READ", revision: 6 } };
      now = { ...ANN, name: "anna", revision: 5 };
      return problem(412, "precondition-failed", "Somebody else changed it meanwhile.");
    },
  });
  await user.click(await screen.findByRole("button", { name: "Change user ann" }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("radio", { name: "READ" }));
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  expect((await within(dialog).findByRole("alert")).textContent).toContain("Somebody else changed it");
  await within(dialog).findByDisplayValue("anna");
  await user.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const changes = calls.filter(({ method }) => method === "PATCH");
  expect(changes.map(({ body, ifMatch }) => [body, ifMatch])).toEqual([
    ['{"role":"READ"}', '"3-4"'],
    ['{"role":"READ"}', '"3-5"'],
  ]);
});

it("shows a reader their account and the server, and who to ask for the rest", async () => {
  const { user, calls } = await settings("users", {}, { name: "bo", role: "READ", by: "password" });
  await screen.findByRole("heading", { name: "Your role doesn't show this" });
  expect(screen.getAllByRole("tab").map((tab) => tab.textContent)).toEqual(["Account", "Server"]);
  await user.click(screen.getByRole("tab", { name: "Account" }));
  expect(await screen.findByLabelText("Current password")).toBeTruthy();
  await user.click(screen.getByRole("tab", { name: "Server" }));
  await screen.findByText("The kernel holds all that Sluice asks of it.");
  expect(screen.getByText("a user of their own (64888)")).toBeTruthy();
  expect(calls.map(({ path }) => path)).not.toContain("users");
});
