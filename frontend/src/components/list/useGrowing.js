import { useState } from "react";

/**
 * The first of many things, and a way to have more of them: so hundreds are as quick to show as one screen.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {number} step how many are added at a time
 * @returns {{first: readonly T[], rest: number, more: number, grow: () => void}} `rest` aren't there yet, `more` come next
 */
export function useGrowing(items, step) {
  const [limit, setLimit] = useState(step);
  const rest = Math.max(0, items.length - limit);
  return {
    first: rest ? items.slice(0, limit) : items,
    rest,
    more: Math.min(rest, step),
    grow: () => setLimit(limit + step),
  };
}
