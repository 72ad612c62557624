import { AppShell, CloseButton, Group, Text } from "@mantine/core";
import { useContext, useEffect, useRef } from "react";
import { useSystem } from "../api/session.js";
import { Mark } from "../components/Mark.jsx";
import { sections } from "../sections.js";
import { words } from "../words.js";
import classes from "./Navigator.module.css";
import { NavigatorContext } from "./NavigatorContext.js";
import { NavigatorEntry } from "./NavigatorEntry.jsx";
import { NavigatorGroup } from "./NavigatorGroup.jsx";

/** The mark and the way to each section. */
export function Navigator() {
  const { opened, close } = useContext(NavigatorContext);
  const closer = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useEffect(() => {
    if (opened) closer.current?.focus();
  }, [opened]);
  const system = useSystem();
  return (
    <>
      <Group className={classes.brand} justify="space-between" wrap="nowrap">
        <Group gap={10} wrap="nowrap">
          <Mark />
          <Text component="span" className={classes.product}>
            {words.product}
          </Text>
        </Group>
        <CloseButton
          ref={closer}
          onClick={close}
          hiddenFrom="sm"
          size="lg"
          aria-label={words.shell.closeNavigator}
        />
      </Group>
      <AppShell.Section component="nav" grow aria-label={words.shell.navigator} className={classes.entries}>
        {sections.map((section) =>
          section.children ? (
            <NavigatorGroup key={section.path} section={section} />
          ) : (
            <NavigatorEntry key={section.path} section={section} />
          ),
        )}
      </AppShell.Section>
      {system.data && (
        <Text size="xs" c="dimmed" className={classes.foot}>
          {words.shell.version(system.data.version)}
        </Text>
      )}
    </>
  );
}
