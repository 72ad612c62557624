import classes from "./ListTable.module.css";

/**
 * A list as rows, for hundreds of things. Where it is wider than its place it scrolls, names and actions stay. Cells
 * with figures have `data-figures`, the last cell, of actions, `data-actions`; the first one is a `<th scope="row">`.
 *
 * @param {object} props
 * @param {string} props.label what the table is called by assistive technology
 * @param {React.ReactNode} props.head the cells of the head row
 * @param {React.ReactNode} props.children the rows
 */
export function ListTable({ label, head, children }) {
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
