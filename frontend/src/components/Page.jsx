import { AppShell, Text, Title } from "@mantine/core";
import { useContext } from "react";
import { createPortal } from "react-dom";
import { HeadingSlot } from "../shell/HeadingSlot.js";
import { words } from "../words.js";
import classes from "./Page.module.css";

/** Letters that fit into the header's one line on a phone. */
const LONG = 24;

/**
 * A page: its title and how many things there are go into the shell's header, the rest below it.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {string} [props.count] e.g. `1 pipeline`
 * @param {React.ReactNode} props.children
 */
export function Page({ title, count, children }) {
  const slot = useContext(HeadingSlot);
  const heading = (
    <>
      <Title order={1} className={classes.title} data-long={title.length > LONG}>
        {title}
      </Title>
      {count && (
        <Text component="span" className={classes.count}>
          {count}
        </Text>
      )}
    </>
  );
  return (
    <>
      <title>{`${title} · ${words.product}`}</title>
      {slot && createPortal(heading, slot)}
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        {children}
      </AppShell.Main>
    </>
  );
}
