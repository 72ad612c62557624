import { ActionIcon, AppShell } from "@mantine/core";
import { IconLockOpen, IconMenu2, IconPlugConnectedX } from "@tabler/icons-react";
import { useContext } from "react";
import { useConnection } from "../api/connection.js";
import { useIsOpenToAll } from "../api/session.js";
import { Mark } from "../components/Mark.jsx";
import { words } from "../words.js";
import classes from "./Header.module.css";
import { NavigatorContext, OPENER_ID } from "./NavigatorContext.js";
import { UserMenu } from "./UserMenu.jsx";

const LINE = 56;
const REMARK = 36;
/** On a phone, where a remark takes two lines. */
const NARROW_REMARK = 56;

/**
 * How high the header is: its line, and one more for each thing that it has to say.
 *
 * @returns {{base: number, sm: number}}
 */
export function useHeaderHeight() {
  const isOffline = useConnection() === "offline";
  const isOpenToAll = useIsOpenToAll();
  const lines = Number(isOffline) + Number(isOpenToAll);
  return { base: LINE + lines * NARROW_REMARK, sm: LINE + lines * REMARK };
}

/**
 * The line above every page.
 *
 * @param {object} props
 * @param {(slot: HTMLElement | null) => void} props.slotRef is told where the page's heading belongs
 * @param {boolean} [props.hasNavigator] without one its mark stands here
 */
export function Header({ slotRef, hasNavigator = true }) {
  const navigator = useContext(NavigatorContext);
  const isOffline = useConnection() === "offline";
  const isOpenToAll = useIsOpenToAll();
  return (
    <AppShell.Header className={classes.whole}>
      <div className={classes.header}>
        {hasNavigator ? (
          <ActionIcon
            id={OPENER_ID}
            onClick={navigator.open}
            hiddenFrom="sm"
            aria-expanded={navigator.opened}
            aria-label={words.shell.openNavigator}
          >
            <IconMenu2 size={22} stroke={1.7} aria-hidden="true" />
          </ActionIcon>
        ) : (
          <Mark />
        )}
        <div ref={slotRef} className={classes.heading} />
        <UserMenu />
      </div>
      {isOpenToAll && (
        <p className={classes.remark}>
          <IconLockOpen size={16} aria-hidden="true" />
          <span>{words.shell.noAuth}</span>
        </p>
      )}
      {/* There before it says something, so that screen readers hear it. */}
      <div role="status" className={classes.remark}>
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
