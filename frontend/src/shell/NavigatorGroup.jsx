import { useLocalStorage } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { useId } from "react";
import classes from "./Navigator.module.css";
import { NavigatorEntry } from "./NavigatorEntry.jsx";

/**
 * Sections that fold under one title; whether they are is kept in the browser.
 *
 * @param {object} props
 * @param {import("../sections.js").Section} props.section
 */
export function NavigatorGroup({ section: { path, title, icon: Icon, children = [] } }) {
  const id = useId();
  const [opened, setOpened] = useLocalStorage({
    key: `sluice-navigator${path}`,
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  return (
    <div className={classes.group}>
      <button
        type="button"
        className={classes.entry}
        aria-expanded={opened}
        aria-controls={id}
        onClick={() => setOpened(!opened)}
      >
        <Icon size={19} stroke={1.7} aria-hidden="true" />
        <span>{title}</span>
        <IconChevronDown size={16} aria-hidden="true" />
      </button>
      <div id={id} className={classes.group} hidden={!opened}>
        {children.map((child) => (
          <NavigatorEntry key={child.path} section={child} />
        ))}
      </div>
    </div>
  );
}
