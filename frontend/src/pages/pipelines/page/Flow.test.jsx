import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../../testing/render.jsx";
import { aModel, aPipeline } from "../../../testing/samples.js";
import { Flow } from "./Flow.jsx";

const address = /** @type {any} */ ({ linkTo: () => "/there" });
const REASON = "The model 'digits' can't be used.";

/** @param {boolean} active */
function flowOf(active) {
  const steps = [/** @type {any} */ ({ step: "model", name: "digits", reason: REASON })];
  show(<Flow pipeline={{ ...aPipeline(), steps }} model={aModel({ active })} address={address} />);
  return within(screen.getByRole("list", { name: "From input to answer" }));
}

it("calls a step broken that has a reason not to run", () => {
  expect(flowOf(true).getByText("broken")).toBeTruthy();
});

it("calls a model inactive, and not broken, that somebody deactivated", () => {
  const flow = flowOf(false);
  expect(flow.getByText("inactive")).toBeTruthy();
  expect(flow.queryByText("broken")).toBeNull();
});
