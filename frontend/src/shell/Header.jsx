import { ActionIcon, AppShell } from "@mantine/core";
import { IconMenu2 } from "@tabler/icons-react";
import { useContext } from "react";
import { words } from "../words.js";
import classes from "./Header.module.css";
import { NavigatorContext, OPENER_ID } from "./NavigatorContext.js";
import { UserMenu } from "./UserMenu.jsx";

/**
 * The line above every page.
 *
 * @param {object} props
 * @param {(slot: HTMLElement | null) => void} props.slotRef is told where the page's heading belongs
 */
export function Header({ slotRef }) {
  const navigator = useContext(NavigatorContext);
  return (
    <AppShell.Header className={classes.header}>
      <ActionIcon
        id={OPENER_ID}
        onClick={navigator.open}
        hiddenFrom="sm"
        aria-expanded={navigator.opened}
        aria-label={words.shell.openNavigator}
      >
        <IconMenu2 size={22} stroke={1.7} aria-hidden="true" />
      </ActionIcon>
      <div ref={slotRef} className={classes.heading} />
      <UserMenu />
    </AppShell.Header>
  );
}
