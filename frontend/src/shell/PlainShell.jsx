import { AppShell } from "@mantine/core";
import { useState } from "react";
import { Header, useHeaderHeight } from "./Header.jsx";
import { HeadingSlot } from "./HeadingSlot.js";
import { SkipButton } from "./SkipButton.jsx";

/**
 * The frame for who has one page only: the header, and the page below it.
 *
 * @param {object} props
 * @param {React.ReactNode} props.children
 */
export function PlainShell({ children }) {
  const [slot, setSlot] = useState(/** @type {HTMLElement | null} */ (null));
  const height = useHeaderHeight();
  return (
    <>
      <SkipButton />
      <AppShell header={{ height }} padding={{ base: "md", sm: 20 }} transitionDuration={0}>
        <Header slotRef={setSlot} hasNavigator={false} />
        <HeadingSlot value={slot}>{children}</HeadingSlot>
      </AppShell>
    </>
  );
}
