import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { AppRouter } from "./router.jsx";
import { show } from "./testing/render.jsx";
import { problem, serveApi } from "./testing/server.js";

const PIPELINES = () => ({ json: { items: [], nextCursor: null } });
const OPERATOR = () => ({ json: { name: "operator", role: "ADMIN" } });

it("signs in by the link's code, takes it out of the address and goes on", async () => {
  const calls = await serveApi({ "POST session": OPERATOR, "GET pipelines": PIPELINES });
  window.history.replaceState(null, "", "/welcome#code=secret");
  show(<AppRouter />);
  expect(await screen.findByRole("heading", { level: 1, name: "Pipelines" })).toBeTruthy();
  expect(calls[0].body).toBe('{"code":"secret"}');
  expect(window.location.href).toMatch(/\/pipelines$/);
});

it("offers a token where the link doesn't work any more", async () => {
  const calls = await serveApi({
    "POST session": ({ body }) =>
      body.includes("token") ? OPERATOR() : problem(401, "not-signed-in", "This link was used."),
    "GET pipelines": PIPELINES,
  });
  window.history.replaceState(null, "", "/welcome#code=old");
  const { user } = show(<AppRouter />);
  expect((await screen.findByRole("alert")).textContent).toContain("This link was used.");
  expect(window.location.hash).toBe("");
  await user.type(screen.getByLabelText("API token"), "slc_x");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Pipelines" })).toBeTruthy();
  expect(calls.some(({ body }) => body === '{"token":"slc_x"}')).toBe(true);
});

it("asks to sign in when the session has ended", async () => {
  await serveApi({
    "GET session": OPERATOR,
    "GET pipelines": () => problem(401, "not-signed-in", "Sign in."),
  });
  show(<AppRouter />);
  expect(await screen.findByRole("heading", { name: "Sign in" })).toBeTruthy();
});

it("says that an address leads nowhere", async () => {
  await serveApi({ "GET session": OPERATOR });
  window.history.replaceState(null, "", "/nowhere");
  show(<AppRouter />);
  expect(await screen.findByRole("heading", { name: "There is no such page" })).toBeTruthy();
});
