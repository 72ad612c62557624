import { words } from "../../words.js";
import { Code } from "./Code.jsx";

/**
 * Source to read, with its colours; the line that failed is marked and its message stands below it.
 *
 * @param {object} props
 * @param {string} props.text
 * @param {string} [props.name] of the file: its ending tells the language
 * @param {string} [props.label] accessible name
 * @param {number} [props.line]
 * @param {string} [props.message]
 * @param {readonly number[]} [props.marked] lines that something is said about elsewhere
 * @param {boolean} [props.compact] no higher than half of the window
 */
export function CodeView({ name = "script.py", label = words.resources.source, compact = true, ...rest }) {
  return <Code name={name} label={label} compact={compact} {...rest} />;
}

export default CodeView;
