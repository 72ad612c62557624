import { Radio, Text } from "@mantine/core";
import { formatExact } from "../../lib/format.js";
import { words } from "../../words.js";
import { Time } from "../Time.jsx";
import { totalOf } from "./outcome.js";
import classes from "./RunHistory.module.css";

/** @import { Run } from "./useRuns.js" */

/**
 * The last runs, to see one again or to compare it with the one that is shown.
 *
 * @param {object} props
 * @param {Run[]} props.runs
 * @param {Run} [props.shown]
 * @param {Run} [props.compared]
 * @param {(id: number) => void} props.onChoose
 * @param {(id: number | null) => void} props.onCompare
 */
export function RunHistory({ runs, shown, compared, onChoose, onCompare }) {
  if (!shown || runs.length < 2) return null;
  return (
    <Radio.Group
      label={words.run.history}
      description={words.run.historyHint}
      value={String(shown.id)}
      onChange={(id) => onChoose(Number(id))}
      mt="lg"
    >
      <ul className={classes.runs}>
        {runs.map((run) => (
          <li key={run.id} className={classes.run}>
            <Radio
              size="xs"
              value={String(run.id)}
              label={
                <>
                  {run.input.label}
                  <span className={classes.facts}>
                    <Time at={run.at} />
                    {" · "}
                    {run.answer ? (
                      words.run.answered
                    ) : (
                      <b className={classes.failed}>{words.run.hasFailed}</b>
                    )}
                    {totalOf(run) && ` · ${totalOf(run)}`}
                  </span>
                </>
              }
              className={classes.choice}
            />
            {run.id !== shown.id && (
              <button
                type="button"
                className={classes.compare}
                aria-pressed={run.id === compared?.id}
                aria-label={words.run.compareWith(run.input.label, formatExact(run.at))}
                onClick={() => onCompare(run.id === compared?.id ? null : run.id)}
              >
                <Text span size="xs">
                  {words.run.compare}
                </Text>
              </button>
            )}
          </li>
        ))}
      </ul>
    </Radio.Group>
  );
}
