import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { problem, serveApi } from "../../testing/server.js";
import { RunDialog } from "./RunDialog.jsx";

/** @param {boolean} takesFile */
function showDialog(takesFile) {
  return show(
    <RunDialog
      kind="pipelines"
      name="a/b"
      title="Run pipeline a/b"
      takesFile={takesFile}
      opened
      onClose={() => {}}
    />,
  );
}

it("shows the answer digit for digit, and each step's time", async () => {
  const headers = { "Server-Timing": "queue;dur=0.2, model;dur=12.34" };
  const calls = await serveApi({
    "POST pipelines/a%2Fb/predictions": () => ({ text: '{"id":9007199254740993}', headers }),
  });
  const { user } = showDialog(false);
  await user.click(screen.getByLabelText("JSON input"));
  await user.paste('{"x": [[1]]}');
  await user.click(screen.getByRole("button", { name: "Run" }));
  const answer = await screen.findByRole("region", { name: "Answer" });
  expect(answer.textContent).toContain("9007199254740993");
  expect(screen.getByRole("list", { name: "Step times" }).textContent).toBe("Queue 0.20 msModel 12.3 ms");
  expect(calls[0]).toMatchObject({ body: '{"x": [[1]]}', contentType: "application/json" });
});

it("sends a file byte for byte", async () => {
  const calls = await serveApi({ "POST pipelines/a%2Fb/predictions": () => ({ text: "null" }) });
  const { user } = showDialog(true);
  await user.upload(screen.getByLabelText("Input file"), new File(["\x89PNG"], "seven.png"));
  await user.click(screen.getByRole("button", { name: "Run" }));
  await screen.findByRole("region", { name: "Answer" });
  expect(calls[0]).toMatchObject({ contentType: "application/octet-stream" });
});

it("says what is missing instead of sending nothing", async () => {
  const calls = await serveApi({});
  const { user } = showDialog(true);
  await user.click(screen.getByRole("button", { name: "Run" }));
  expect(screen.getByText("Choose a file.")).toBeTruthy();
  expect(calls).toEqual([]);
});

it("shows the step that failed", async () => {
  await serveApi({
    "POST pipelines/a%2Fb/predictions": () =>
      problem(422, "prediction-failed", "division by zero", {
        step: "post-processing",
        script: "p.py",
        line: 7,
      }),
  });
  const { user } = showDialog(false);
  await user.type(screen.getByLabelText("JSON input"), "1");
  await user.click(screen.getByRole("button", { name: "Run" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Post-processing, p.py, line 7");
});
