import { AppShell } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useConnection } from "../api/connection.js";
import { useEvents } from "../api/events.js";
import { words } from "../words.js";
import { Header } from "./Header.jsx";
import { HeadingSlot } from "./HeadingSlot.js";
import { Navigator } from "./Navigator.jsx";
import { NavigatorContext, OPENER_ID } from "./NavigatorContext.js";
import classes from "./Shell.module.css";

/**
 * The frame on every page: navigator at the left, the page with its header at the right.
 *
 * @param {object} props
 * @param {React.ReactNode} props.children
 */
export function Shell({ children }) {
  const [opened, { open, close: hide }] = useDisclosure(false);
  useEvents();
  const isOffline = useConnection() === "offline";
  const [slot, setSlot] = useState(/** @type {HTMLElement | null} */ (null));
  const close = () => {
    hide();
    document.getElementById(OPENER_ID)?.focus();
  };
  return (
    <NavigatorContext value={{ opened, open, close }}>
      <button
        type="button"
        className={classes.skip}
        onClick={() => document.getElementById("content")?.focus()}
      >
        {words.shell.skip}
      </button>
      <AppShell
        layout="alt"
        header={{ height: isOffline ? { base: 112, sm: 92 } : 56 }}
        navbar={{ width: 216, breakpoint: "sm", collapsed: { mobile: !opened } }}
        padding={{ base: "md", sm: 20 }}
        transitionDuration={0}
      >
        <AppShell.Navbar
          className={classes.navbar}
          data-opened={opened}
          onKeyDown={(event) => event.key === "Escape" && opened && close()}
        >
          <Navigator />
        </AppShell.Navbar>
        <Header slotRef={setSlot} />
        <HeadingSlot value={slot}>{children}</HeadingSlot>
      </AppShell>
    </NavigatorContext>
  );
}
