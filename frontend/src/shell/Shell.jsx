import { AppShell } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useEvents } from "../api/events.js";
import { Header, useHeaderHeight } from "./Header.jsx";
import { HeadingSlot } from "./HeadingSlot.js";
import { Navigator } from "./Navigator.jsx";
import { NavigatorContext, OPENER_ID } from "./NavigatorContext.js";
import classes from "./Shell.module.css";
import { SkipButton } from "./SkipButton.jsx";

/**
 * The frame on every page: navigator at the left, the page with its header at the right.
 *
 * @param {object} props
 * @param {React.ReactNode} props.children
 */
export function Shell({ children }) {
  const [opened, { open, close: hide }] = useDisclosure(false);
  useEvents();
  const height = useHeaderHeight();
  const [slot, setSlot] = useState(/** @type {HTMLElement | null} */ (null));
  const close = () => {
    hide();
    document.getElementById(OPENER_ID)?.focus();
  };
  return (
    <NavigatorContext value={{ opened, open, close }}>
      <SkipButton />
      <AppShell
        layout="alt"
        header={{ height }}
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
