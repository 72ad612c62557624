import { Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronRight } from "@tabler/icons-react";
import { Time } from "../../components/Time.jsx";
import { formatRelative } from "../../lib/format.js";
import { words } from "../../words.js";
import classes from "./Notes.module.css";

/** @import { Note } from "../../api/types.js" */

/**
 * That something happened to a pipeline's workers lately: the newest on hover and focus, all of it when opened.
 *
 * @param {object} props
 * @param {Note[]} props.notes newest first
 */
export function Notes({ notes }) {
  const [opened, { toggle }] = useDisclosure(false);
  if (notes.length === 0) return null;
  return (
    <div className={classes.notes}>
      <Tooltip label={notes[0].text} disabled={opened} multiline maw={320}>
        <button type="button" className={classes.summary} aria-expanded={opened} onClick={toggle}>
          <IconChevronRight size={14} className={classes.chevron} aria-hidden="true" />
          {words.pipelines.notes(notes.length, formatRelative(notes[0].at))}
        </button>
      </Tooltip>
      {opened && <NoteList notes={notes} />}
    </div>
  );
}

/**
 * What happened, with its times.
 *
 * @param {object} props
 * @param {Note[]} props.notes
 */
export function NoteList({ notes }) {
  return (
    <ul className={classes.list}>
      {notes.map(({ at, text }) => (
        <li key={`${at} ${text}`}>
          <Time at={at} />: {text}
        </li>
      ))}
    </ul>
  );
}
