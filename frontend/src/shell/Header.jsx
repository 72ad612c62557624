import { ActionIcon, AppShell } from "@mantine/core";
import { IconMenu2, IconPlugConnectedX } from "@tabler/icons-react";
import { useContext } from "react";
import { useConnection } from "../api/connection.js";
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
  const isOffline = useConnection() === "offline";
  return (
    <AppShell.Header>
      <div className={classes.header}>
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
      </div>
      {/* There before it says something, so that screen readers hear it. */}
      <div role="status" className={classes.offline}>
        {isOffline && (
          <>
            <IconPlugConnectedX size={16} aria-hidden="true" />
            <span>{words.shell.stale}</span>
          </>
        )}
      </div>
    </AppShell.Header>
  );
}
