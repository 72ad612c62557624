import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiUrl, path } from "./address.js";
import { about, askAgain } from "./asking.js";
import { request } from "./client.js";
import { askAfter } from "./connection.js";
import { keys } from "./keys.js";

/** @import { FailedCall, LastHour, Period, Statistics } from "./types.js" */

/** Minutes pass also when nobody calls, so figures age by themselves. */
const FIGURES_MS = 5_000;

/** The last hour of every pipeline and model that was ever called. */
export function useStatistics() {
  return useQuery({
    queryKey: keys.statistics,
    queryFn: async ({ signal }) =>
      /** @type {LastHour[]} */ ((await request("statistics", { signal })).items),
    refetchInterval: () => askAfter(FIGURES_MS),
  });
}

/**
 * A period of one pipeline; while another one is loading, the last one stays.
 *
 * @param {string} name
 * @param {Period} period
 */
export function usePipelineStatistics(name, period) {
  return useStatisticsOf("pipelines", name, period);
}

/**
 * A period of one bare model, as `usePipelineStatistics`.
 *
 * @param {string} name
 * @param {Period} period
 */
export function useModelStatistics(name, period) {
  return useStatisticsOf("models", name, period);
}

/**
 * @param {"pipelines" | "models"} kind
 * @param {string} name
 * @param {Period} period
 */
function useStatisticsOf(kind, name, period) {
  return useQuery({
    queryKey: keys.statisticsOf(kind, name, period),
    ...about(kind, name, async (signal) => {
      return /** @type {Statistics} */ (
        await request(`${kind}/${path`${name}`}/statistics?period=${period}`, { signal })
      );
    }),
    refetchInterval: () => askAfter(FIGURES_MS),
    placeholderData: keepPreviousData,
  });
}

/**
 * The last failures of a pipeline or model, newest first.
 *
 * @param {"pipelines" | "models"} kind
 * @param {string} name
 */
export function useFailures(kind, name) {
  return useQuery({
    queryKey: keys.failures(kind, name),
    ...about(kind, name, async (signal) => {
      return /** @type {FailedCall[]} */ (
        (await request(`${kind}/${path`${name}`}/failures`, { signal })).items
      );
    }),
    refetchInterval: () => askAfter(FIGURES_MS),
  });
}

/**
 * Forget the failures of a pipeline or model, and their inputs.
 *
 * @param {"pipelines" | "models"} kind
 */
export function useClearFailures(kind) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {string} */ name) =>
      request(`${kind}/${path`${name}`}/failures`, { method: "DELETE" }),
    onSettled: () => void askAgain(client, [keys.statistics]),
  });
}

/**
 * @param {string} name of a pipeline
 * @param {string} id of a failure whose input is kept
 * @returns {string} where the input can be downloaded
 */
export function failureInputUrl(name, id) {
  return apiUrl(path`pipelines/${name}/failures/${id}/input`);
}
