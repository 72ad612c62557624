import classes from "./Docs.module.css";

/**
 * A piece of JSON; the keyboard can scroll it.
 *
 * @param {object} props
 * @param {string} props.text
 */
export function Example({ text }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <pre className={classes.example} tabIndex={0}>
      {text}
    </pre>
  );
}
