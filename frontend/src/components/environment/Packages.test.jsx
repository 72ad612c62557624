import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { anEnvironment } from "../../testing/samples.js";
import { problem, serveApi } from "../../testing/server.js";
import { Packages } from "./Packages.jsx";

const LOG = Array.from({ length: 60 }, (_, i) => `line ${i + 1}`).join("\n");
const FAILED = anEnvironment({ state: "failed", reason: "There is no package of that name." });

it("tells what is needed, and that it is there", async () => {
  await serveApi({});
  show(<Packages environment={anEnvironment({ requires: ["shapely>=2", "numpy"] })} mayChange />);
  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["shapely>=2", "numpy"]);
  expect(screen.getByRole("status").textContent).toBe("installed");
  expect(screen.queryByRole("region", { name: "Installation log" })).toBeNull();
});

it("shows that it goes on, with the last lines", async () => {
  await serveApi({ "GET environments/5d1f/log": () => ({ text: LOG }) });
  show(<Packages environment={anEnvironment({ state: "building" })} mayChange />);
  expect(screen.getByRole("progressbar", { name: "Installing packages" })).toBeTruthy();
  expect(screen.getByRole("status").textContent).toBe("installing This may take some minutes.");
  const log = await screen.findByRole("region", { name: "Installation log" });
  expect(log.textContent).toMatch(/^line 21\n.*line 60$/s);
  expect(screen.getByRole("button", { name: "Install again" }).hasAttribute("disabled")).toBe(true);
});

it("says why it failed, and where the whole log is", async () => {
  await serveApi({ "GET environments/5d1f/log": () => ({ text: LOG }) });
  show(<Packages environment={FAILED} mayChange={false} />);
  expect(screen.getByText("There is no package of that name.")).toBeTruthy();
  expect(await screen.findByRole("region", { name: "Installation log" })).toBeTruthy();
  const link = screen.getByRole("link", { name: "Open the whole log" });
  expect(link.getAttribute("href")).toBe(`${document.baseURI}api/v1/environments/5d1f/log`);
  expect(screen.queryByRole("button", { name: "Install again" })).toBeNull();
});

it("installs again", async () => {
  const calls = await serveApi({
    "POST environments/5d1f/rebuild": () => ({ status: 202, json: { ...FAILED, state: "building" } }),
  });
  const { user } = show(<Packages environment={FAILED} mayChange />);
  await user.click(screen.getByRole("button", { name: "Install again" }));
  await expect
    .poll(() => calls.map(({ method, path }) => `${method} ${path}`))
    .toContain("POST environments/5d1f/rebuild");
  expect(screen.queryByRole("alert")).toBeNull();
});

it("says why it can't be installed again", async () => {
  await serveApi({
    "POST environments/5d1f/rebuild": () => problem(409, "conflict", "Installing is switched off."),
  });
  const { user } = show(<Packages environment={FAILED} mayChange />);
  await user.click(screen.getByRole("button", { name: "Install again" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Installing is switched off.");
});

it("offers no installing where the server does none", async () => {
  await serveApi({});
  show(<Packages environment={anEnvironment({ state: "off" })} mayChange />);
  expect(screen.getByText(/switched off/)).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});
