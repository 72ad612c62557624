import { IconAlertTriangle } from "@tabler/icons-react";
import classes from "./Warnings.module.css";

/**
 * What the server knows to be wrong with a choice already, below its field.
 *
 * @param {object} props
 * @param {string[]} props.messages
 */
export function Warnings({ messages }) {
  if (messages.length === 0) return null;
  return (
    <ul className={classes.warnings}>
      {messages.map((message) => (
        <li key={message}>
          <IconAlertTriangle size={14} className={classes.icon} aria-hidden="true" />
          {message}
        </li>
      ))}
    </ul>
  );
}
