import { AppShell } from "@mantine/core";
import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { aSession } from "../../testing/samples.js";
import { moveTo, serveApi } from "../../testing/server.js";
import CallerPage from "./CallerPage.jsx";

/** @param {string[]} pipelines */
async function page(pipelines, path = "/") {
  await serveApi({
    "GET session": () => ({ json: aSession({ role: "PREDICT", by: "token", pipelines }) }),
    "GET /v2/models/iris": () => ({
      json: {
        inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }],
        outputs: [{ name: "y", datatype: "INT64", shape: [-1] }],
      },
    }),
  });
  moveTo(new URL(path, document.baseURI).href);
  return show(
    <AppShell>
      <CallerPage />
    </AppShell>,
  );
}

it("shows the pipeline that the address names, with what it takes", async () => {
  await page(["digits", "iris"], "/pipelines/iris");
  const field = /** @type {HTMLTextAreaElement} */ (await screen.findByLabelText("JSON input"));
  expect(JSON.parse(field.value)).toEqual({ x: [[0, 0]] });
  expect(screen.getByRole("link", { name: "iris" }).getAttribute("aria-current")).toBe("page");
  expect(screen.getByText("May call the pipelines named below, and nothing else.")).toBeTruthy();
});

it("says that there is nothing to call", async () => {
  await page([]);
  await screen.findByText(/No pipeline is named for you/);
});
