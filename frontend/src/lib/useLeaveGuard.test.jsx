import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { Link, Route } from "wouter";
import { show } from "../testing/render.jsx";
import { moveTo } from "../testing/server.js";
import { useLeaveGuard } from "./useLeaveGuard.js";

/** @param {{isGuarded: boolean}} props */
function Work({ isGuarded }) {
  const guard = useLeaveGuard(isGuarded);
  return (
    <>
      <p>at work</p>
      {guard.asks && (
        <>
          <button type="button" onClick={guard.stay}>
            Stay
          </button>
          <button type="button" onClick={guard.leave}>
            Leave
          </button>
        </>
      )}
    </>
  );
}

/** From `/before` to `/work`, and what is seen there. */
async function goToWork(isGuarded = true) {
  window.history.pushState(null, "", "/before");
  const shown = show(
    <>
      <Link href="/work">To work</Link>
      <Link href="/elsewhere">Elsewhere</Link>
      <Route path="/before">before</Route>
      <Route path="/elsewhere">elsewhere</Route>
      <Route path="/work">
        <Work isGuarded={isGuarded} />
      </Route>
    </>,
  );
  await shown.user.click(screen.getByRole("link", { name: "To work" }));
  await screen.findByText("at work");
  return shown;
}

beforeEach(() => moveTo("http://127.0.0.1:9/"));

it("asks before one goes back, and stays at the same address", async () => {
  const { user } = await goToWork();
  window.history.replaceState(null, "", "/work?tab=settings");
  window.history.back();
  await user.click(await screen.findByRole("button", { name: "Stay" }));
  expect(screen.getByText("at work")).toBeTruthy();
  expect(window.location.pathname + window.location.search).toBe("/work?tab=settings");
});

it("goes back for who says so", async () => {
  const { user } = await goToWork();
  window.history.back();
  await user.click(await screen.findByRole("button", { name: "Leave" }));
  expect(await screen.findByText("before")).toBeTruthy();
  expect(window.location.pathname).toBe("/before");
});

it("asks before one follows a link", async () => {
  const { user } = await goToWork();
  await user.click(screen.getByRole("link", { name: "Elsewhere" }));
  expect(screen.getByText("at work")).toBeTruthy();
  await user.click(await screen.findByRole("button", { name: "Leave" }));
  expect(await screen.findByText("elsewhere")).toBeTruthy();
});

it("lets everybody go who has nothing to lose", async () => {
  await goToWork(false);
  window.history.back();
  await waitFor(() => expect(window.location.pathname).toBe("/before"));
  expect(await screen.findByText("before")).toBeTruthy();
});
