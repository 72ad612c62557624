import { expect, it } from "vitest";
import { WorkQueue } from "./WorkQueue.js";

/**
 * A queue of which the test ends each piece by hand.
 *
 * @param {number} atOnce
 */
function byHand(atOnce) {
  /** @type {Map<string, {resolve: (r: string) => void, reject: (e: Error) => void, signal: AbortSignal, onProgress: (f: number) => void}>} */
  const begun = new Map();
  /** @type {WorkQueue<string, string>} */
  const queue = new WorkQueue((load, tools) => {
    /** @type {any} */
    const ends = {};
    const promise = new Promise((resolve, reject) => Object.assign(ends, { resolve, reject }));
    tools.signal.addEventListener("abort", () => ends.reject(tools.signal.reason));
    begun.set(load, { ...ends, ...tools });
    return /** @type {Promise<string>} */ (promise);
  }, atOnce);
  const states = () => queue.items().map(({ load, state }) => `${load} ${state}`);
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { queue, begun, states, settle };
}

it("works on a few at a time, and a failure leaves the others alone", async () => {
  const { queue, begun, states, settle } = byHand(2);
  queue.add(["a", "b", "c"]);
  expect(states()).toEqual(["a new", "b new", "c new"]);
  queue.start();
  expect(states()).toEqual(["a running", "b running", "c waiting"]);
  begun.get("a")?.onProgress(0.5);
  expect(queue.items()[0].fraction).toBe(0.5);
  begun.get("a")?.reject(new Error("no"));
  await settle();
  expect(states()).toEqual(["a failed", "b running", "c running"]);
  begun.get("b")?.resolve("B");
  begun.get("c")?.resolve("C");
  await settle();
  expect(queue.items().map(({ result }) => result)).toEqual([undefined, "B", "C"]);
  queue.start();
  expect(states()).toEqual(["a running", "b done", "c done"]);
  expect(queue.items()[0].error).toBeUndefined();
});

it("breaks off what runs and doesn't begin what waits", async () => {
  const { queue, begun, states, settle } = byHand(1);
  queue.add(["a", "b"]);
  queue.start();
  queue.cancelAll();
  await settle();
  expect(begun.get("a")?.signal.aborted).toBe(true);
  expect(states()).toEqual(["a cancelled", "b cancelled"]);
  expect(begun.has("b")).toBe(false);
});

it("begins one anew that was cancelled a moment ago, once its first run is over", async () => {
  const { queue, begun, states, settle } = byHand(2);
  queue.add(["a"]);
  queue.start();
  const first = begun.get("a");
  queue.cancel(1);
  queue.start();
  expect(states()).toEqual(["a waiting"]);
  await settle();
  expect(states()).toEqual(["a running"]);
  expect(begun.get("a")).not.toBe(first);
});

it("forgets what is removed", async () => {
  const { queue, begun, states, settle } = byHand(1);
  const [a] = queue.add(["a", "b"]);
  queue.start();
  queue.remove(a);
  await settle();
  expect(begun.get("a")?.signal.aborted).toBe(true);
  expect(states()).toEqual(["b running"]);
});
