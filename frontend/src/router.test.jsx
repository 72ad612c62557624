import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { AppRouter } from "./router.jsx";
import { show } from "./testing/render.jsx";
import { problem, serveApi } from "./testing/server.js";

const NOTHING = () => ({ json: { items: [] } });
const OPERATOR = () => ({ json: { name: "operator", role: "ADMIN" } });

it("signs in by the link's code, takes it out of the address and goes on", async () => {
  const calls = await serveApi({ "POST session": OPERATOR, "GET pipelines": NOTHING });
  window.history.replaceState(null, "", "/welcome#code=secret");
  show(<AppRouter />);
  expect(await screen.findByRole("heading", { level: 1, name: "Home" })).toBeTruthy();
  expect(calls[0].body).toBe('{"code":"secret"}');
  expect(window.location.href).toMatch(/^http:[/][/][^/]+[/]$/);
});

it("offers a token where the link doesn't work any more", async () => {
  const calls = await serveApi({
    "POST session": ({ body }) =>
      body.includes("token") ? OPERATOR() : problem(401, "not-signed-in", "This link was used."),
    "GET pipelines": NOTHING,
  });
  window.history.replaceState(null, "", "/welcome#code=old");
  const { user } = show(<AppRouter />);
  expect((await screen.findByRole("alert")).textContent).toContain("This link was used.");
  expect(window.location.hash).toBe("");
  await user.type(screen.getByLabelText("API token"), "slc_x");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("heading", { level: 1, name: "Home" })).toBeTruthy();
  expect(calls.some(({ body }) => body === '{"token":"slc_x"}')).toBe(true);
});

it("asks to sign in when the session has ended", async () => {
  await serveApi({
    "GET session": OPERATOR,
    "GET pipelines": () => problem(401, "not-signed-in", "Sign in."),
  });
  window.history.replaceState(null, "", "/pipelines");
  show(<AppRouter />);
  expect(await screen.findByRole("heading", { name: "Sign in" })).toBeTruthy();
});

it("says that an address leads nowhere", async () => {
  await serveApi({ "GET session": OPERATOR });
  window.history.replaceState(null, "", "/nowhere");
  show(<AppRouter />);
  expect(await screen.findByRole("heading", { name: "There is no such page" })).toBeTruthy();
});

it("shows the one thing that an address names", async () => {
  await serveApi({ "GET session": OPERATOR });
  window.history.replaceState(null, "", "/models/50%20%25%20off%3F%253F");
  show(<AppRouter />);
  expect(await screen.findByRole("heading", { level: 1, name: "50 % off?%3F" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "Models" }).getAttribute("aria-current")).toBe("page");
});

it("folds a group of the navigator and remembers that", async () => {
  await serveApi({ "GET session": OPERATOR });
  window.history.replaceState(null, "", "/predictions");
  const { user } = show(<AppRouter />);
  expect(await screen.findByRole("heading", { level: 1, name: "Batch processing" })).toBeTruthy();
  const group = screen.getByRole("button", { name: "Predictions" });
  expect(group.getAttribute("aria-expanded")).toBe("true");
  await user.click(group);
  expect(group.getAttribute("aria-expanded")).toBe("false");
  expect(screen.queryByRole("link", { name: "Batch processing" })).toBeNull();
  expect(window.localStorage.getItem("sluice-navigator/predictions")).toBe("false");
  window.localStorage.clear();
});
