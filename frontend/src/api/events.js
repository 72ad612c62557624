import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { askAgain } from "./asking.js";
import { setConnection } from "./connection.js";
import { hasCode, isAway } from "./errors.js";
import { changes } from "./eventStream.js";
import { keys } from "./keys.js";

/** @import { QueryClient } from "@tanstack/react-query" */
/** @import { Change } from "./eventStream.js" */

const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

/** What tells of things of a kind; a pipeline's parts tell who uses them. */
const ANSWERS = {
  pipelines: [keys.pipelines, keys.models, keys.resources, keys.statistics],
  models: [keys.models, keys.pipelines, keys.statistics],
  resources: [keys.resources, keys.pipelines],
  environments: [keys.environments, keys.resources, keys.pipelines],
  states: [keys.pipelines, keys.models],
  statistics: [keys.statistics],
};

/** Ask again for whatever the server says has changed, as long as this is on the page. */
export function useEvents() {
  const client = useQueryClient();
  useEffect(() => {
    const leaving = new AbortController();
    void listen(client, leaving.signal);
    return () => {
      leaving.abort();
      setConnection("polling");
    };
  }, [client]);
}

/**
 * @param {QueryClient} client
 * @param {AbortSignal} signal ends it
 */
async function listen(client, signal) {
  let missed = false;
  let failures = 0;
  while (!signal.aborted) {
    const watching = watchPage(signal);
    try {
      await watching.visible;
      for await (const change of changes(watching.signal)) {
        failures = 0;
        setConnection("live");
        if (change) void askAgain(client, answersTo(change));
        else if (missed) void askAgain(client);
      }
    } catch (error) {
      if (!watching.signal.aborted) {
        failures += 1;
        if (hasCode(error, "not-signed-in")) return void client.setQueryData(keys.session, null);
        setConnection(isAway(error) ? "offline" : "polling");
      }
    }
    missed = true;
    await wait(failures, signal);
  }
}

/** @param {Change} change */
function answersTo({ what }) {
  return what.flatMap((kind) => ANSWERS[kind] ?? []);
}

/**
 * A hidden page lets its stream go: browsers have six connections for a server, all tabs together.
 *
 * @param {AbortSignal} signal
 * @returns {{visible: Promise<void>, signal: AbortSignal}} when it may begin, and what ends it
 */
function watchPage(signal) {
  const hiding = new AbortController();
  const both = AbortSignal.any([signal, hiding.signal]);
  const visible = new Promise((resolve) => {
    const look = () => (document.hidden ? undefined : resolve(undefined));
    document.addEventListener("visibilitychange", look, { signal: both });
    signal.addEventListener("abort", () => resolve(undefined));
    look();
  });
  const begun = visible.then(() => {
    document.addEventListener("visibilitychange", () => document.hidden && hiding.abort(), { signal: both });
  });
  return { visible: begun, signal: both };
}

/**
 * Wait before the next attempt, longer each time, but not once the machine is back on the net.
 *
 * @param {number} failures in a row
 * @param {AbortSignal} signal
 */
function wait(failures, signal) {
  const longest = Math.min(SHORTEST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
  return new Promise((resolve) => {
    // By chance a little less: not all pages come back to a server in the same moment.
    const timer = setTimeout(done, longest * (0.5 + Math.random() / 2));
    const ending = new AbortController();
    function done() {
      clearTimeout(timer);
      ending.abort();
      resolve(undefined);
    }
    window.addEventListener("online", done, { signal: ending.signal });
    document.addEventListener("visibilitychange", done, { signal: ending.signal });
    signal.addEventListener("abort", done, { signal: ending.signal });
  });
}
