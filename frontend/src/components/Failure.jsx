import { Code, Text } from "@mantine/core";
import { ApiError } from "../api/errors.js";
import { words } from "../words.js";
import classes from "./Failure.module.css";
import { Notice } from "./Notice.jsx";

/**
 * Why a call failed: the message and, where a step or a script is to blame, which one, its line and what it printed.
 *
 * @param {object} props
 * @param {unknown} props.error
 * @param {string} props.title
 */
export function Failure({ error, title }) {
  if (!(error instanceof ApiError)) {
    return (
      <Notice tone="error" title={title}>
        {words.errors.crashed}
      </Notice>
    );
  }
  const { step, script, line, column, lineText, exception, printed } = error.details;
  return (
    <Notice tone="error" title={step ? `${title} ${words.failure.in(stepWord(step))}` : title}>
      <p className={classes.message}>{error.message}</p>
      {typeof exception === "string" && !error.message.includes(exception) && (
        <Code block className={classes.code}>
          {exception}
        </Code>
      )}
      {line != null && <SourceLine script={script} line={line} column={column} text={lineText ?? ""} />}
      {printed && (
        <>
          <Text size="xs" c="dimmed" mt="xs">
            {words.failure.printed}
          </Text>
          <Code block className={classes.code}>
            {printed}
          </Code>
        </>
      )}
    </Notice>
  );
}

/**
 * @param {object} props
 * @param {string} [props.script]
 * @param {number} props.line
 * @param {number} [props.column]
 * @param {string} props.text
 */
function SourceLine({ script, line, column, text }) {
  const place = script
    ? words.failure.at(script, line)
    : column
      ? words.resources.lineAndColumn(line, column)
      : words.resources.line(line);
  return (
    <>
      <Text size="xs" c="dimmed" mt="xs">
        {place}
      </Text>
      {text && (
        <Code block className={classes.code}>
          <span className={classes.number}>{line}</span>
          {text.trimEnd()}
        </Code>
      )}
    </>
  );
}

/**
 * @param {string} step
 * @returns {string}
 */
function stepWord(step) {
  const known = /** @type {Record<string, unknown>} */ (words.steps)[step];
  return (typeof known === "string" ? known : step).toLowerCase();
}
