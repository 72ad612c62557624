import classes from "./SourceView.module.css";

/**
 * A text with line numbers.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.text
 * @param {number[]} [props.marked] lines that a remark is about, 1-based
 */
export function SourceView({ label, text, marked = [] }) {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section aria-label={label} className={classes.source} tabIndex={0}>
      <pre className={classes.numbers} aria-hidden="true">
        {lines.map((_, i) => `${i + 1}\n`).join("")}
      </pre>
      <pre className={classes.text}>
        {lines.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
          <span key={i} className={classes.line} data-marked={marked.includes(i + 1)}>
            {line}
            {"\n"}
          </span>
        ))}
      </pre>
    </section>
  );
}
