import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isAbort } from "../../api/errors.js";
import { usePredict } from "../../api/predictions.js";
import { useAbort } from "../../lib/useAbort.js";

/**
 * @import { Answer, Runnable } from "../../api/predictions.js"
 * @import { ChosenInput } from "./useInput.js"
 *
 * @typedef {object} Run
 * @property {number} id
 * @property {string} at when it began
 * @property {ChosenInput} input
 * @property {Answer | null} answer
 * @property {unknown} error null where it was answered
 */

const KEPT = 5;
/** @type {Run[]} */
const NONE = [];

/**
 * The last runs of one pipeline or model, newest first, and a way to add one. They are kept until the page is left
 * or somebody signs out.
 *
 * @param {Runnable} kind
 * @param {string} name
 */
export function useRuns(kind, name) {
  const client = useQueryClient();
  const key = ["runs", kind, name];
  const options = { queryKey: key, gcTime: Number.POSITIVE_INFINITY, structuralSharing: false };
  const runs = useQuery({ ...options, queryFn: /** @type {typeof skipToken} */ (skipToken) });
  const predict = usePredict(kind, name, { traced: true });
  const abort = useAbort();
  const [sent, setSent] = useState(/** @type {number | null} */ (null));

  /** @param {Omit<Run, "id">} run */
  const keep = (run) => {
    /** @type {Run[]} */
    const before = client.getQueryData(key) ?? NONE;
    client.setQueryData(key, [{ ...run, id: (before[0]?.id ?? 0) + 1 }, ...before].slice(0, KEPT));
  };

  return {
    runs: /** @type {Run[]} */ (runs.data ?? NONE),
    isRunning: predict.isPending,
    /** Of a large input, 0..1. */
    sent,
    cancel: abort.abort,
    /** @param {ChosenInput} input */
    async run(input) {
      const at = new Date().toISOString();
      setSent(null);
      try {
        const answer = await predict.mutateAsync({
          body: input.body,
          signal: abort.begin(),
          onProgress: setSent,
        });
        keep({ at, input, answer, error: null });
      } catch (error) {
        if (!isAbort(error)) keep({ at, input, answer: null, error });
      }
    },
  };
}
