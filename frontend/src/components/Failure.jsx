import { Code, Text } from "@mantine/core";
import { ApiError } from "../api/errors.js";
import { stepWord } from "../lib/stepWord.js";
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
  const place = [step && stepWord(step), script, line && placeInFile(line, column)]
    .filter(Boolean)
    .join(", ");
  return (
    <Notice tone="error" title={title}>
      <p className={classes.message}>{error.message}</p>
      {typeof exception === "string" && !error.message.includes(exception) && <Block text={exception} />}
      {place && <Block label={place} text={lineText} number={line} />}
      {printed && <Block label={words.failure.printed} text={printed} />}
    </Notice>
  );
}

/**
 * A piece of source or output under its label.
 *
 * @param {object} props
 * @param {string} [props.label]
 * @param {string} [props.text] only the label is shown without one
 * @param {number} [props.number] of the source line
 */
function Block({ label, text, number }) {
  return (
    <>
      {label && (
        <Text size="xs" c="dimmed" mt="xs">
          {label}
        </Text>
      )}
      {text && (
        <Code block className={classes.code}>
          {number && <span className={classes.number}>{number}</span>}
          {text.trimEnd()}
        </Code>
      )}
    </>
  );
}

/**
 * @param {number} line
 * @param {number} [column]
 * @returns {string}
 */
function placeInFile(line, column) {
  return column ? words.failure.lineAndColumn(line, column) : words.failure.line(line);
}
