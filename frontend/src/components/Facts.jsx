import classes from "./Facts.module.css";

/**
 * Labels with their values, one pair a row.
 *
 * @param {object} props
 * @param {[label: string, value: React.ReactNode][]} props.facts
 */
export function Facts({ facts }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([label, value]) => (
        <div key={label} className={classes.fact}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
