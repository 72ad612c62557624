import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { someStatistics } from "../../testing/samples.js";
import { AnswersChart } from "./AnswersChart.jsx";
import { LatencyChart } from "./LatencyChart.jsx";
import { Sparkline } from "./Sparkline.jsx";

const FAST = { p50Ms: 1.5, p99Ms: 6 };
const BUSY = someStatistics(
  {
    3: { calls: 10, failures: 2, failedSteps: { "post-processing": 2 }, ...FAST, steps: { model: FAST } },
    4: { calls: 5, ...FAST, steps: { model: FAST } },
  },
  {
    totals: {
      calls: 15,
      failures: 2,
      failedSteps: { "post-processing": 2 },
      ...FAST,
      steps: { model: { p50Ms: 0.4, p99Ms: 0.9 } },
    },
  },
);

it("says in words what a sparkline shows", () => {
  show(<Sparkline calls={[0, 3, 1]} failures={[0, 1, 0]} />);
  const name = "Calls by minute in the last hour: 4 calls, 1 failure, at most 3 in a minute.";
  expect(screen.getByRole("img", { name })).toBeTruthy();
});

it("says in words that nobody called", () => {
  show(<Sparkline calls={[0, 0]} failures={[0, 0]} />);
  expect(screen.getByRole("img", { name: "No calls in the last hour." })).toBeTruthy();
});

it("tells how many calls failed and where, in words and in figures", async () => {
  const { user } = show(<AnswersChart statistics={BUSY} />);
  const name = "Calls in the last hour: 15 calls, 2 failures (Post-processing: 2).";
  expect(screen.getByRole("img", { name })).toBeTruthy();
  expect(screen.getByText("Failed in Post-processing: 2")).toBeTruthy();
  await user.click(screen.getByText("Show the figures"));
  const rows = within(screen.getByRole("table", { name: "Answers" })).getAllByRole("row");
  expect(rows).toHaveLength(3);
  expect(
    within(rows[1])
      .getAllByRole("cell")
      .map((cell) => cell.textContent),
  ).toEqual(["10", "2", "Post-processing: 2"]);
});

it("tells how long each step took", () => {
  show(<LatencyChart statistics={BUSY} />);
  const table = screen.getByRole("table", {
    name: "How long answered calls took in the last hour, in each step",
  });
  const [, whole, model] = within(table).getAllByRole("row");
  expect(whole.textContent).toMatch(/^Whole call.*1\.50 ms6\.00 ms$/);
  expect(model.textContent).toBe("Model0.40 ms0.90 ms");
});

it("says so where there is nothing to draw", () => {
  const quiet = someStatistics({}, { period: "week" });
  show(
    <>
      <AnswersChart statistics={quiet} />
      <LatencyChart statistics={quiet} />
    </>,
  );
  expect(screen.getByText("No calls in the last week.")).toBeTruthy();
  expect(screen.getByText("No answers in the last week.")).toBeTruthy();
  expect(screen.queryByRole("table")).toBeNull();
});
