import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { moveTo, serveApi } from "../../testing/server.js";
import { SignInPage } from "./SignInPage.jsx";

const WAYS = { password: false, oidc: { title: "Our company" }, noAuth: false };

/** @param {string} search */
async function signIn(search) {
  await serveApi({ "GET session/ways": () => ({ json: WAYS }) });
  moveTo(`${location.origin}/${search}`);
  show(<SignInPage />);
  return screen.findByRole("link", { name: "Sign in with Our company" });
}

it("leads to the single sign-on", async () => {
  const link = await signIn("");
  expect(link.getAttribute("href")).toMatch(/\/api\/v1\/session\/oidc$/);
  expect(screen.queryByRole("alert")).toBeNull();
});

it("tells in plain words why one came back from it without being signed in", async () => {
  await signIn("?oidc=no-role");
  expect(screen.getByRole("alert").textContent).toContain("none of your roles");
});

it("says nothing that somebody made up", async () => {
  await signIn("?oidc=toString");
  expect(screen.queryByRole("alert")).toBeNull();
});
