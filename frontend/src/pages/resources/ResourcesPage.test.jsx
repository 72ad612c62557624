import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { Shell } from "../../shell/Shell.jsx";
import { show } from "../../testing/render.jsx";
import { anEnvironment, aResource } from "../../testing/samples.js";
import { serveApi } from "../../testing/server.js";
import ResourcesPage from "./ResourcesPage.jsx";

/** Show the page with one script; `environment` is what the server tells next. */
async function showScript() {
  const server = { environment: anEnvironment({ state: "building" }) };
  await serveApi({
    "GET session": () => ({ json: { name: "operator", role: "ADMIN" } }),
    "GET resources": () => ({ json: { items: [aResource({ environment: server.environment })] } }),
    "GET resources/digits_pre.py": () => ({ json: aResource({ text: "import shapely" }) }),
    "GET environments/5d1f/log": () => ({ text: "No solution found" }),
  });
  return {
    server,
    ...show(
      <Shell>
        <ResourcesPage />
      </Shell>,
    ),
  };
}

it("sees by itself that a script's packages are installed", async () => {
  const { server } = await showScript();
  expect(await screen.findByRole("button", { name: "Installing shapely" })).toBeTruthy();
  server.environment = anEnvironment();
  expect(await screen.findByRole("button", { name: "Needs shapely" })).toBeTruthy();
});

it("leads from packages that failed to the log", async () => {
  const { server, user } = await showScript();
  server.environment = anEnvironment({ state: "failed", reason: "There is no such package." });
  await user.click(await screen.findByRole("button", { name: "Not installed: shapely" }));
  const details = await screen.findByRole("dialog", { name: "Resource details: digits_pre.py" });
  const log = await within(details).findByRole("region", { name: "Installation log" });
  expect(log.textContent).toBe("No solution found");
  expect(within(details).getByRole("button", { name: "Install again" })).toBeTruthy();
});
