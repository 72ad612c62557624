import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import { words } from "../../words.js";
import classes from "./Problems.module.css";

const text = words.editor;

/**
 * What a check found, as a list that leads to the places.
 *
 * @param {object} props
 * @param {import("./useCheck.js").Check} props.check
 * @param {boolean} [props.hasFailed] when it ran, whatever a check can see
 * @param {(line: number | null, column: number | null) => void} props.onGoTo
 */
export function Problems({ check: { problems, state }, hasFailed = false, onGoTo }) {
  if (state === "off") return null;
  return (
    <div className={classes.problems}>
      <div role="status" className={classes.state}>
        {state === "checked" ? text.found(problems.length, hasFailed) : text.checkStates[state]}
      </div>
      {problems.length > 0 && (
        <ul aria-label={text.problems}>
          {problems.map(({ line, column, message, severity }) => (
            <li key={`${line} ${column} ${message}`} data-severity={severity}>
              {severity === "error" ? (
                <IconCircleX size={16} aria-hidden="true" />
              ) : (
                <IconAlertTriangle size={16} aria-hidden="true" />
              )}
              <button type="button" onClick={() => onGoTo(line, column)}>
                <span className={classes.severity}>
                  {line ? text.problemAt(severity, line) : text.severities[severity]}
                </span>{" "}
                {message}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
