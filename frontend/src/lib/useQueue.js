import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { WorkQueue } from "./WorkQueue.js";

/**
 * A queue that lives as long as a component; what runs is broken off when it leaves the page.
 *
 * @template L, R
 * @param {import("./WorkQueue.js").Work<L, R>} work
 * @param {number} atOnce
 * @returns {{queue: WorkQueue<L, R>, items: readonly import("./WorkQueue.js").Item<L, R>[], busy: boolean}}
 */
export function useQueue(work, atOnce) {
  const latest = useRef(work);
  latest.current = work;
  const [queue] = useState(
    () =>
      new WorkQueue(
        (/** @type {L} */ load, /** @type {Parameters<typeof work>[1]} */ tools) =>
          latest.current(load, tools),
        atOnce,
      ),
  );
  const items = useSyncExternalStore(queue.subscribe, queue.items);
  useEffect(() => () => queue.cancelAll(), [queue]);
  return { queue, items, busy: items.some(({ state }) => state === "waiting" || state === "running") };
}
