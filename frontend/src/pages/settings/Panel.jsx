import { Title } from "@mantine/core";
import { useId } from "react";
import classes from "./Settings.module.css";

/**
 * A framed part of the page under its heading.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {React.ReactNode} props.children
 */
export function Panel({ title, children }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Title order={2} id={id} className={classes.heading}>
        {title}
      </Title>
      <div className={classes.panel}>{children}</div>
    </section>
  );
}
