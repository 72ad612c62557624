import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { serveApi } from "../../testing/server.js";
import traces from "../../testing/traces.json";
import { TryIt } from "./TryIt.jsx";

const RUN = "POST pipelines/p/predictions";
const INPUTS = [
  { name: "measurements", type: "tensor(float)", datatype: "FP32", shape: [-1, 4], symbols: ["N", null] },
];
const answered = (/** @type {string} */ output) => ({
  text: `{"output":${output},"trace":${JSON.stringify(traces.digits.trace)}}`,
});
const run = () => screen.getByRole("button", { name: "Run" });
const answer = () => screen.findByRole("region", { name: "Answer" });

it("sends the model's own shape, and shows the answer digit for digit and the run from inside", async () => {
  const calls = await serveApi({ [RUN]: () => answered('{"id":9007199254740993,"p":"NaN"}') });
  const { user } = show(<TryIt kind="pipelines" name="p" takesFile={false} inputs={INPUTS} />);
  await user.click(run());
  expect((await answer()).textContent).toContain("id: 9007199254740993");
  expect(calls[0]).toMatchObject({
    body: '{"measurements": [[0, 0, 0, 0]]}',
    contentType: "application/json",
  });
  expect(screen.getByRole("region", { name: "X-ray of this run" })).toBeTruthy();
  await user.click(screen.getByRole("radio", { name: "Text" }));
  expect((await answer()).textContent).toContain('{"id": 9007199254740993, "p": "NaN"}');
});

it("sends a sample's content, and the same again", async () => {
  const calls = await serveApi({
    "GET resources/a%20b.json/content": () => ({ text: '{"x": 1}' }),
    [RUN]: () => answered("1"),
  });
  const { user } = show(
    <TryIt kind="pipelines" name="p" takesFile samples={["a b.json", "helper.py"]} sample="a b.json" />,
  );
  expect((await screen.findByRole("figure", { name: "Preview of the input" })).textContent).toBe('{"x": 1}');
  await user.click(run());
  await answer();
  await user.click(screen.getByRole("button", { name: "Run again" }));
  await screen.findByRole("radiogroup", { name: "Last runs" });
  const sent = calls.filter(({ method }) => method === "POST");
  expect(sent.map(({ body }) => body)).toEqual(['{"x": 1}', '{"x": 1}']);
});

it("sends a large file byte for byte", async () => {
  /** @type {(reply: {text: string}) => void} */
  let reply = () => {};
  const calls = await serveApi({ [RUN]: () => new Promise((resolve) => (reply = resolve)) });
  const { user } = show(<TryIt kind="pipelines" name="p" takesFile />);
  await user.upload(screen.getByLabelText("Input file"), new File(["x".repeat(2_000_000)], "large.bin"));
  await user.click(run());
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(calls[0].body).toHaveLength(2_000_000);
  expect(calls[0]).toMatchObject({ contentType: "application/octet-stream", search: "?trace=true" });
  reply(answered("7"));
  expect((await answer()).textContent).toContain("7");
});

it("keeps the last five runs, to look at and to compare", async () => {
  let count = 0;
  await serveApi({
    [RUN]: () => {
      count += 1;
      return count === 2 ? { status: 422, json: traces.bad } : answered(String(count));
    },
  });
  const { user } = show(<TryIt kind="pipelines" name="p" takesFile={false} inputs={INPUTS} />);
  await user.click(run());
  await answer();
  for (let n = 2; n <= 6; n += 1) {
    await user.click(screen.getByRole("button", { name: "Run again" }));
    await waitFor(() => expect(count).toBe(n));
    await waitFor(() => expect(screen.queryByText("Running")).toBeNull());
  }
  const runs = within(screen.getByRole("radiogroup", { name: "Last runs" })).getAllByRole("radio");
  expect(runs).toHaveLength(5);
  expect((await answer()).textContent).toContain("6");
  await user.click(runs[4]);
  expect(screen.getByRole("alert").textContent).toContain("division by zero");
  await user.click(screen.getAllByRole("button", { name: /^Compare with JSON/ })[0]);
  expect(screen.getByRole("region", { name: "Comparison" }).textContent).toContain(
    "Only the other one was answered.",
  );
  expect(screen.getByRole("rowheader", { name: "Total" })).toBeTruthy();
});

it("can be broken off", async () => {
  /** @type {(value: {text: string}) => void} */
  let end = () => {};
  const pending = new Promise((resolve) => {
    end = resolve;
  });
  await serveApi({ [RUN]: () => /** @type {Promise<{text: string}>} */ (pending) });
  const { user } = show(<TryIt kind="pipelines" name="p" takesFile={false} inputs={INPUTS} />);
  await user.click(run());
  expect((await screen.findByText("Running")).role).toBe("status");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByText("Running")).toBeNull());
  expect(screen.queryByRole("alert")).toBeNull();
  end({ text: "" });
});

it("tells when the script was repaired to run the same input again", async () => {
  let isBroken = true;
  const calls = await serveApi({
    [RUN]: () => (isBroken ? { status: 422, json: traces.bad } : answered('"mended"')),
  });
  const { user } = show(
    <TryIt
      kind="pipelines"
      name="p"
      takesFile={false}
      inputs={INPUTS}
      renderScript={({ onRepaired }) => (
        <button type="button" onClick={onRepaired}>
          repair
        </button>
      )}
    />,
  );
  await user.click(run());
  const repair = await screen.findByRole("button", { name: "repair" });
  isBroken = false;
  await user.click(repair);
  expect((await answer()).textContent).toContain("mended");
  // The editor is gone, and a keyboard goes on at what came instead.
  expect(document.activeElement).toBe(screen.getByRole("region", { name: "Outcome of the run" }));
  expect(calls.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([
    '{"measurements": [[0, 0, 0, 0]]}',
    '{"measurements": [[0, 0, 0, 0]]}',
  ]);
});

it("begins the JSON for a script with the model's inputs", async () => {
  const calls = await serveApi({ [RUN]: () => answered("1") });
  const { user } = show(<TryIt kind="pipelines" name="p" takesFile inputs={INPUTS} />);
  await user.click(screen.getByRole("tab", { name: "JSON" }));
  await user.click(screen.getByRole("button", { name: "Begin with the model's inputs" }));
  expect(screen.queryByRole("button", { name: "Begin with the model's inputs" })).toBeNull();
  await user.click(run());
  await answer();
  expect(calls[0].body).toBe('{"measurements": [[0, 0, 0, 0]]}');
});
