import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { aSession } from "../../testing/samples.js";
import { problem, serveApi } from "../../testing/server.js";
import { SignInPage } from "./SignInPage.jsx";

/**
 * @param {Partial<import("../../api/types.js").Ways>} ways
 * @param {Parameters<typeof serveApi>[0]} [routes]
 */
async function page(ways, routes) {
  const calls = await serveApi({
    "GET session/ways": () => ({ json: { password: false, oidc: null, noAuth: false, ...ways } }),
    ...routes,
  });
  return { ...show(<SignInPage />), calls };
}

it("asks for a token where there are no users", async () => {
  await page({});
  await screen.findByLabelText("API token");
  expect(screen.queryByLabelText("Password")).toBeNull();
  expect(screen.getByText(/The server prints a link/)).toBeTruthy();
});

it("asks for name and password where there are, or for a token", async () => {
  const { user, calls } = await page(
    { password: true, oidc: { title: "Example Works" } },
    { "POST session": () => ({ json: aSession({ name: "ann", by: "password" }) }) },
  );
  const other = await screen.findByRole("link", { name: "Sign in with Example Works" });
  expect(new URL(/** @type {HTMLAnchorElement} */ (other).href).pathname).toBe("/api/v1/session/oidc");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByText("Enter your password.");
  await user.type(screen.getByLabelText("Name"), "ann");
  await user.type(screen.getByLabelText("Password"), "correct horse{Enter}");
  await waitFor(() => expect(calls.filter(({ method }) => method === "POST")).toHaveLength(1));
  expect(JSON.parse(calls.at(-1)?.body ?? "")).toEqual({ name: "ann", password: "correct horse" });
  await user.click(screen.getByRole("radio", { name: "An API token" }));
  expect(screen.getByLabelText("API token")).toBeTruthy();
});

it("tells how long to wait after too many attempts, and lets one try then", async () => {
  const { user } = await page(
    { password: true },
    {
      "POST session": () => ({
        ...problem(429, "too-many-attempts", "Too many attempts for 'ann'."),
        headers: { "Retry-After": "2", "Access-Control-Expose-Headers": "Retry-After" },
      }),
    },
  );
  await user.type(await screen.findByLabelText("Name"), "ann");
  await user.type(screen.getByLabelText("Password"), "guess{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("Too many wrong passwords");
  expect(screen.getByRole("timer").textContent).toMatch(/Try again in [12] seconds?\./);
  const button = /** @type {HTMLButtonElement} */ (screen.getByRole("button", { name: "Sign in" }));
  expect(button.disabled).toBe(true);
  await screen.findByText("You can try again now.");
  expect(button.disabled).toBe(false);
});
