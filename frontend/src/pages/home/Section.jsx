import { Title } from "@mantine/core";
import { useId } from "react";
import classes from "./Home.module.css";

/**
 * A part of the page under a heading.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {React.ReactNode} props.children
 */
export function Section({ title, children }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Title order={2} id={id} className={classes.heading}>
        {title}
      </Title>
      {children}
    </section>
  );
}
