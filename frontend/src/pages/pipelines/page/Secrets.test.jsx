import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../../testing/render.jsx";
import { problem, serveApi } from "../../../testing/server.js";
import { Secrets } from "./Secrets.jsx";

it("sets, replaces and removes secrets, and never has a value to show", async () => {
  /** @type {Record<string, string>} */
  const kept = {};
  const calls = await serveApi({
    "GET pipelines/line%204/secrets": () => ({
      json: { items: Object.keys(kept).map((name) => ({ name, setAt: "2026-11-22T10:00:00Z" })) },
    }),
    "PUT pipelines/line%204/secrets/KEY": ({ body }) => {
      kept.KEY = JSON.parse(body).value;
      return { status: 204 };
    },
    "DELETE pipelines/line%204/secrets/KEY": () => {
      delete kept.KEY;
      return { status: 204 };
    },
  });
  const { user } = show(<Secrets pipeline="line 4" mayChange />);
  await screen.findByText("No secrets.");
  await user.click(screen.getByRole("button", { name: "Set a secret" }));
  const adding = await screen.findByRole("dialog");
  await user.click(within(adding).getByRole("button", { name: "Set" }));
  await within(adding).findByText("Enter a value.");
  await user.type(within(adding).getByLabelText(/Name of the secret/), "KEY");
  await user.type(within(adding).getByLabelText(/^Value/), "first");
  await user.click(within(adding).getByRole("button", { name: "Set" }));
  await screen.findByText("Secret 'KEY' was set.");
  expect(kept).toEqual({ KEY: "first" });

  await user.click(await screen.findByRole("button", { name: "Replace secret KEY" }));
  const value = /** @type {HTMLInputElement} */ (await screen.findByLabelText(/New value of KEY/));
  expect(value.value).toBe("");
  await user.type(value, "second{Enter}");
  await waitFor(() => expect(kept).toEqual({ KEY: "second" }));

  await user.click(await screen.findByRole("button", { name: "Remove secret KEY" }));
  await user.click(await screen.findByRole("button", { name: "Remove" }));
  await screen.findByText("No secrets.");
  expect(calls.filter(({ method }) => method !== "GET")).toHaveLength(3);
});

it("says beside the field what the server refuses", async () => {
  const message = "Names have letters, digits and underscores.";
  await serveApi({
    "GET pipelines/digits/secrets": () => ({ json: { items: [] } }),
    "PUT pipelines/digits/secrets/a%20b": () =>
      problem(422, "unprocessable", message, { errors: [{ field: "name", message }] }),
  });
  const { user } = show(<Secrets pipeline="digits" mayChange />);
  await user.click(await screen.findByRole("button", { name: "Set a secret" }));
  await user.type(await screen.findByLabelText(/Name of the secret/), "a b");
  await user.type(screen.getByLabelText(/^Value/), "x{Enter}");
  const told = await screen.findByText(message);
  expect(screen.getByLabelText(/Name of the secret/).getAttribute("aria-describedby")).toContain(told.id);
});

it("tells a reader the names and nothing to press", async () => {
  await serveApi({
    "GET pipelines/digits/secrets": () => ({
      json: { items: [{ name: "KEY", setAt: "2026-11-22T10:00:00Z" }] },
    }),
  });
  show(<Secrets pipeline="digits" mayChange={false} />);
  await screen.findByText("KEY");
  expect(screen.queryAllByRole("button")).toEqual([]);
});
