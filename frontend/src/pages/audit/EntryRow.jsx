import { ActionIcon, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useId } from "react";
import { Link } from "wouter";
import { Facts } from "../../components/Facts.jsx";
import { Time } from "../../components/Time.jsx";
import { formatExact } from "../../lib/format.js";
import { words } from "../../words.js";
import classes from "./Audit.module.css";
import { factsOf, sentenceOf } from "./said.js";

/** @import { AuditEntry } from "../../api/types.js" */

const text = words.audit;

/**
 * What was done, by whom and when; the rest unfolds below.
 *
 * @param {object} props
 * @param {AuditEntry} props.entry
 * @param {string | null} props.link to what it was done to, where that still exists
 * @param {(name: string) => void} props.onActor
 */
export function EntryRow({ entry, link, onActor }) {
  const [opened, { toggle }] = useDisclosure(false);
  const id = useId();
  const { verb, name } = sentenceOf(entry);
  const label = text.detailsOf(name ? `${verb} ${name}` : verb);
  const Chevron = opened ? IconChevronUp : IconChevronDown;
  return (
    <>
      <tr>
        <td data-actions="true" className={classes.fold}>
          <ActionIcon onClick={toggle} aria-label={label} aria-expanded={opened} aria-controls={id}>
            <Chevron size={18} stroke={1.7} aria-hidden="true" />
          </ActionIcon>
        </td>
        <th scope="row">
          {verb}{" "}
          {link ? (
            <Link href={link} className={classes.subject}>
              {name}
            </Link>
          ) : (
            <span className={classes.name}>{name}</span>
          )}
        </th>
        <td className={classes.who}>
          {entry.actor.name ? (
            <UnstyledButton
              className={classes.actor}
              aria-label={text.onlyBy(entry.actor.name)}
              onClick={() => onActor(entry.actor.name)}
            >
              {entry.actor.name}
            </UnstyledButton>
          ) : (
            <span className={classes.quiet}>{text.nobody}</span>
          )}
        </td>
        <td className={classes.time}>
          <Time at={entry.at} />
        </td>
      </tr>
      {opened && (
        <tr data-goes-on id={id}>
          <td className={classes.fold} />
          <td colSpan={3}>
            <div className={classes.details}>
              <Facts facts={[[text.exactly, formatExact(entry.at)], ...factsOf(entry)]} />
            </div>
          </td>
        </tr>
      )}
    </>
  );
}
