import { Button, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { words } from "../../words.js";
import { Notice } from "../Notice.jsx";
import { CodeView } from "./CodeView.jsx";
import classes from "./Conflict.module.css";

/** @import { Editing } from "./useEditing.js" */

const text = words.editor;

/**
 * Says that somebody else saved another text meanwhile, shows it and lets one choose.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {string} props.theirs
 * @param {Editing} props.editing
 */
export function Conflict({ name, theirs, editing }) {
  const [shown, { toggle }] = useDisclosure(false);
  const mine = new Set(editing.text.split(/\r?\n/));
  const different = theirs
    .split(/\r?\n/)
    .flatMap((line, i) => (line.trim() && !mine.has(line) ? [i + 1] : []));
  return (
    <Stack gap={8}>
      <Notice tone="error" title={text.conflict(name)}>
        {text.conflictHint}
        <Group gap={8} mt={8}>
          <Button size="compact-sm" variant="default" aria-expanded={shown} onClick={toggle}>
            {shown ? text.hideTheirs : text.showTheirs}
          </Button>
          <Button size="compact-sm" variant="default" onClick={editing.keepMine}>
            {text.keepMine}
          </Button>
          <Button size="compact-sm" variant="default" onClick={editing.reset}>
            {text.takeTheirs}
          </Button>
        </Group>
      </Notice>
      {shown && (
        <figure className={classes.theirs}>
          <figcaption>{text.theirs(name)}</figcaption>
          <CodeView name={name} label={text.theirs(name)} text={theirs} marked={different} />
        </figure>
      )}
    </Stack>
  );
}
