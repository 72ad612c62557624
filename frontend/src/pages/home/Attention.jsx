import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { Link } from "wouter";
import { words } from "../../words.js";
import classes from "./Home.module.css";
import { Section } from "./Section.jsx";

/** @import { Finding } from "./findings.js" */

/**
 * What is wrong, or that nothing is.
 *
 * @param {object} props
 * @param {Finding[]} props.findings
 */
export function Attention({ findings }) {
  return (
    <Section title={words.home.attention}>
      {findings.length === 0 ? (
        <p className={classes.well}>
          <IconCircleCheck size={18} aria-hidden="true" />
          {words.home.allWell}
        </p>
      ) : (
        <ul className={classes.findings}>
          {findings.map(({ key, tone, what, why, href }) => (
            <li key={key} data-tone={tone}>
              <IconAlertTriangle size={18} aria-hidden="true" />
              <div>
                {href ? <Link href={href}>{what}</Link> : <span className={classes.what}>{what}</span>}
                {why && <p className={classes.why}>{why}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
