import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import traces from "../../testing/traces.json";
import { Xray } from "./Xray.jsx";

/**
 * @import { Problem, Trace } from "../../api/types.js"
 * @param {unknown} problem as the server told it
 */
const failed = (problem) => /** @type {Problem & {trace: Trace}} */ (problem);
const step = (/** @type {string} */ name) => screen.getByRole("region", { name });

it("tells where the time went and what went through each step", () => {
  show(<Xray trace={/** @type {Trace} */ (traces.digits.trace)} problem={null} />);
  const times = screen.getByRole("list", { name: "Step times" });
  expect(within(times).getAllByRole("listitem")[1].textContent).toBe("Pre-processing 1.29 ms 8 %");
  expect(times.textContent).toContain("Queue 0.02 ms < 1 %");
  expect(times.textContent).toContain("Total 15.4 ms");

  const [given, returned] = within(step("Pre-processing")).getAllByRole("region");
  expect(given.textContent).toContain("bytes3.04 kB");
  expect(returned.textContent).toContain("imagefloat32[1, 64]256 B");
  expect(returned.textContent).toContain("min0max16mean4.95588NaN0");
  expect(within(returned).getByRole("img", { name: "image as a picture" })).toBeTruthy();
  expect(step("Model").textContent).toContain("Given what the step before returnedimagefloat32[1, 64]");
  // Told once in full, as what the step before returned.
  expect(screen.getAllByRole("img")).toHaveLength(1);
  expect(step("Post-processing").textContent).toContain("digitnumber7");
});

it("makes values that are no numbers stand out", () => {
  show(<Xray trace={/** @type {Trace} */ (traces.irisBad.trace)} problem={null} />);
  expect(within(step("Input")).getByText("NaN").parentElement?.textContent).toBe("NaN1");
  expect(step("Model").textContent).toContain("NaN, NaN, NaN");
});

it("marks the step and the line that failed, with the message beside it", () => {
  const problem = failed(traces.bad);
  show(<Xray trace={problem.trace} problem={problem} />);
  expect(screen.getByRole("alert").textContent).toContain("Post-processing, bad_post.py, line 5");
  expect(step("Post-processing").textContent).toContain("failed here");
  const marked = screen.getByText("return sum(values) / len(values)");
  expect(marked.tagName).toBe("MARK");
  expect(marked.parentElement?.textContent).toContain("ZeroDivisionError: division by zero");
  expect(screen.getByText("Called from 1 place")).toBeTruthy();
  expect(step("Printed by the scripts in this run").textContent).toContain("mean of 0 values");
});

it("lets an editor stand in for the place that failed", () => {
  const problem = failed(traces.bad);
  show(
    <Xray
      trace={problem.trace}
      problem={problem}
      renderScript={({ script, line, message }) => <p>{`edit ${script}:${line} ${message}`}</p>}
    />,
  );
  expect(screen.getByText("edit bad_post.py:5 ZeroDivisionError: division by zero")).toBeTruthy();
  expect(screen.queryByText("return sum(values) / len(values)")).toBeNull();
});

it("shows a call that was ended by its deadline", () => {
  const problem = failed(traces.slow);
  show(<Xray trace={problem.trace} problem={problem} />);
  expect(step("Post-processing").textContent).toBe("Post-processing994 msfailed here");
  expect(step("Printed by the scripts in this run").textContent).toContain("going to sleep");
});

it("says what a problem without a trace knows of the place", () => {
  const { trace: _, ...problem } = failed(traces.notPicture);
  show(<Xray trace={null} problem={problem} />);
  expect(screen.getByText(/raise ValueError/).tagName).toBe("MARK");
  expect(screen.queryByRole("list", { name: "Step times" })).toBeNull();
});
