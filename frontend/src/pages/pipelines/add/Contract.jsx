import classes from "./Contract.module.css";

/**
 * What goes in and what comes out, as labels with code.
 *
 * @param {object} props
 * @param {string} props.label what the list is called by assistive technology
 * @param {[label: string, value: string][]} props.lines
 */
export function Contract({ label, lines }) {
  return (
    <dl className={classes.contract} aria-label={label}>
      {lines.map(([name, value]) => (
        <div key={name} className={classes.line}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
