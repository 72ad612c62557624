import { useState } from "react";
import { words } from "../../words.js";
import classes from "./Charts.module.css";

/**
 * A chart's figures, one row for each point; made when somebody wants it, for there may be many.
 *
 * @param {object} props
 * @param {string} props.caption
 * @param {string[]} props.head
 * @param {{key: string, cells: React.ReactNode[]}[]} props.rows
 */
export function FiguresTable({ caption, head, rows }) {
  const [opened, setOpened] = useState(false);
  return (
    <details className={classes.figures} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{words.charts.asTable}</summary>
      {opened && (
        <div className={classes.frame}>
          <table className={classes.table}>
            <caption className={classes.unseen}>{caption}</caption>
            <thead>
              <tr>
                {head.map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, cells: [first, ...rest] }) => (
                <tr key={key}>
                  <th scope="row">{first}</th>
                  {rest.map((cell, i) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a row's cells keep their places.
                    <td key={i}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
