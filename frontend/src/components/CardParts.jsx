import { Title } from "@mantine/core";
import { Link } from "wouter";
import classes from "./CardParts.module.css";

/**
 * The name of what a card is about, with the way to its details at the right.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {string} [props.href] of its own page
 * @param {string} [props.note] a quiet line below the name
 * @param {React.ReactNode} props.action
 */
export function CardHead({ name, href, note, action }) {
  return (
    <header className={classes.head}>
      <div className={classes.names}>
        <Title order={2} className={classes.name}>
          {href ? (
            <Link href={href} className={classes.link}>
              {name}
            </Link>
          ) : (
            name
          )}
        </Title>
        {note && <div className={classes.note}>{note}</div>}
      </div>
      <div className={classes.action}>{action}</div>
    </header>
  );
}

/**
 * The bottom line of a card.
 *
 * @param {object} props
 * @param {React.ReactNode} props.left
 * @param {React.ReactNode} props.actions
 */
export function CardFoot({ left, actions }) {
  return (
    <footer className={classes.foot}>
      <div className={classes.left}>{left}</div>
      <div className={classes.actions}>{actions}</div>
    </footer>
  );
}
