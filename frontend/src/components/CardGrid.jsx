import { Skeleton } from "@mantine/core";
import classes from "./CardGrid.module.css";

/**
 * Cards in as many columns as fit.
 *
 * @param {object} props
 * @param {React.ReactNode} props.children
 */
export function CardGrid({ children }) {
  return <div className={classes.grid}>{children}</div>;
}

/**
 * One thing as a card.
 *
 * @param {object} props
 * @param {string} props.name what the card is called by assistive technology
 * @param {React.ReactNode} props.children
 */
export function Card({ name, children }) {
  return (
    <article className={classes.card} aria-label={name}>
      {children}
    </article>
  );
}

/** What stands in the grid until the first answer. */
export function CardGridSkeleton() {
  return (
    <div className={classes.grid} aria-hidden="true">
      {[0, 1, 2, 3].map((i) => (
        <Skeleton key={i} className={classes.skeleton} />
      ))}
    </div>
  );
}
