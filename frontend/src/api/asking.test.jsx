import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { AppRouter } from "../router.jsx";
import { show } from "../testing/render.jsx";
import { aModel, aPipeline, aResource, aSystem, someStatistics } from "../testing/samples.js";
import { problem, serveApi } from "../testing/server.js";

/** @import { QueryClient } from "@tanstack/react-query" */

/**
 * The page of the one thing `old` of a server which tells of each change before it answers the call that made it.
 *
 * @param {"pipelines" | "models" | "resources"} kind
 * @param {string} [tab]
 */
async function open(kind, tab) {
  const byName = {
    pipelines: [
      "pipelines/old/failures",
      "pipelines/old/secrets",
      ...(tab === "figures" ? ["pipelines/old/statistics"] : []),
    ],
    models: [],
    resources: ["resources/old"],
  }[kind];
  const make = {
    pipelines: (/** @type {string} */ name) => aPipeline({ name, preProcessing: null }),
    models: (/** @type {string} */ name) => aModel({ name }),
    resources: (/** @type {string} */ name) => aResource({ name, kind: "data", text: "{}" }),
  };
  /** @type {string | null} */
  let name = "old";
  /** @type {QueryClient} */
  let client;
  let callsBefore = 0;
  /** @type {(text: string) => void} */
  let tell = () => {};
  const all = (/** @type {keyof typeof make} */ other) => () => ({
    json: { items: other !== kind ? [make[other]("digits")] : name ? [make[kind](name)] : [] },
  });
  const one = (/** @type {string} */ asked, /** @type {unknown} */ json) => () =>
    name === asked ? { json } : problem(404, "not-found", "It isn't there.");

  const change = (/** @type {string | null} */ now, events = [kind, "statistics"]) => {
    name = now;
    callsBefore = calls.length;
    for (const what of events) {
      tell(`event: changed\ndata: ${JSON.stringify({ what: [what], names: [] })}\n\n`);
    }
  };
  const answer = async (/** @type {string | null} */ now) => {
    change(now, ["statistics", kind]);
    // The page has heard of it.
    await waitFor(() => expect(client.isFetching({ queryKey: [kind] })).toBeGreaterThan(0));
    return now ? { json: { ...make[kind](now), revision: 2 } } : { status: 204 };
  };

  const calls = await serveApi({
    "GET session": () => ({ json: { name: "me", role: "ADMIN" } }),
    "GET system": () => ({ json: aSystem() }),
    "GET events": () => ({
      stream: (connection) => {
        connection.write(": hello\n\n");
        tell = (text) => connection.write(text);
      },
    }),
    "GET statistics": () => ({ json: { items: [] } }),
    "GET pipelines": all("pipelines"),
    "GET models": all("models"),
    "GET resources": all("resources"),
    "POST resources/check": () => ({ json: { ok: true, problems: [], requires: [] } }),
    ...Object.fromEntries(
      ["old", "new"].flatMap((asked) => [
        [`GET pipelines/${asked}/failures`, one(asked, { items: [] })],
        [`GET pipelines/${asked}/secrets`, one(asked, { items: [] })],
        [`GET pipelines/${asked}/statistics`, one(asked, someStatistics({}))],
        [`GET resources/${asked}`, one(asked, make.resources(asked))],
      ]),
    ),
    [`PATCH ${kind}/old`]: ({ body }) => answer(JSON.parse(body).name),
    [`DELETE ${kind}/old`]: () => answer(null),
  });
  window.history.replaceState(null, "", `/${kind}/old${tab ? `?tab=${tab}` : ""}`);
  const shown = show(<AppRouter />);
  client = shown.client;
  await screen.findByRole("heading", { level: 1, name: "old" });
  for (const path of ["events", ...byName]) {
    await waitFor(() => expect(calls.map((call) => call.path)).toContain(path));
  }
  await waitFor(() => expect(client.isFetching()).toBe(0));
  return {
    ...shown,
    change,
    /** What was asked about `old` once it wasn't there any more. */
    inVain: () => calls.slice(callsBefore).filter(({ path }) => path.startsWith(`${kind}/old`)),
  };
}

const isThere = (/** @type {string} */ name) => screen.findByRole("heading", { level: 1, name });

it("asks nothing by a pipeline's old name once one has renamed it", async () => {
  const { user, client, inVain } = await open("pipelines", "settings");
  const name = await screen.findByLabelText(/^Name/);
  await user.clear(name);
  await user.type(name, "new");
  await user.click(screen.getByRole("button", { name: "Apply" }));
  expect(await screen.findByText("Pipeline 'new' was changed.")).toBeTruthy();
  await isThere("new");
  await waitFor(() => expect(client.isFetching()).toBe(0));
  expect(inVain()).toEqual([]);
  expect(window.location.search).toBe("?tab=settings");
});

it("asks nothing by a resource's old name once one has renamed it", async () => {
  const { user, client, inVain } = await open("resources");
  await user.click(await screen.findByRole("button", { name: "Rename" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.clear(dialog.getByRole("textbox"));
  await user.type(dialog.getByRole("textbox"), "new");
  await user.click(dialog.getByRole("button", { name: "Rename" }));
  expect(await screen.findByText(/^'old' is called 'new' now/)).toBeTruthy();
  await isThere("new");
  await waitFor(() => expect(client.isFetching()).toBe(0));
  expect(inVain()).toEqual([]);
});

it.each(/** @type {const} */ (["pipelines", "models", "resources"]))(
  "asks nothing about one of the %s once one has deleted it, and leads away from it",
  async (kind) => {
    const { user, client, inVain } = await open(kind, kind === "pipelines" ? "figures" : undefined);
    await user.click(await screen.findByRole("button", { name: "Delete" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "Delete" }));
    expect(await screen.findByText(/'old' was deleted\.$/)).toBeTruthy();
    expect(window.location.pathname).toBe(`/${kind}`);
    await waitFor(() => expect(client.isFetching()).toBe(0));
    expect(inVain()).toEqual([]);
  },
);

it.each(/** @type {const} */ (["pipelines", "models", "resources"]))(
  "follows one of the %s to the name that somebody else gave it, or says that it is gone",
  async (kind) => {
    const { client, change, inVain } = await open(kind, kind === "pipelines" ? "figures" : undefined);
    change("new");
    await isThere("new");
    expect(window.location.pathname).toBe(`/${kind}/new`);
    expect(inVain()).toEqual([]);
    change(null);
    expect(await screen.findByRole("heading", { level: 2, name: /'new'/ })).toBeTruthy();
    await waitFor(() => expect(client.isFetching()).toBe(0));
    expect(inVain()).toEqual([]);
  },
);
