import { useEffect, useState } from "react";
import { ApiError } from "../../api/errors.js";

/**
 * How many seconds one still has to wait before trying again, counted down.
 *
 * @param {unknown} error by which the server says so
 * @returns {number} 0 where one needn't
 */
export function useWait(error) {
  const asked = error instanceof ApiError && error.status === 429 ? (error.retryAfterS ?? 0) : 0;
  const [left, setLeft] = useState({ of: error, s: asked });
  const s = left.of === error ? left.s : asked;
  useEffect(() => {
    if (asked === 0) return;
    const until = Date.now() + asked * 1000;
    const ticking = setInterval(() => {
      const rest = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setLeft({ of: error, s: rest });
      if (rest === 0) clearInterval(ticking);
    }, 1000);
    return () => clearInterval(ticking);
  }, [error, asked]);
  return s;
}
