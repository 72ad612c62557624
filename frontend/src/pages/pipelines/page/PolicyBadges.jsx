import { IconWorld } from "@tabler/icons-react";
import { useSystem } from "../../../api/session.js";
import { showNetwork } from "../../../lib/network.js";
import { words } from "../../../words.js";
import classes from "./PolicyBadges.module.css";
import { withUnit } from "./showValue.js";

/** @import { Pipeline, System } from "../../../api/types.js" */

const text = words.pipelinePage;
const LIMITS = /** @type {const} */ (["deadlineS", "memoryMb", "scratchMb", "threads"]);

/**
 * What a pipeline may use otherwise than the server has it; and that its network is open, whoever opened it.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 */
export function PolicyBadges({ pipeline }) {
  const system = useSystem().data;
  const badges = system ? badgesOf(pipeline, system) : [];
  if (badges.length === 0) return null;
  return (
    <ul className={classes.badges} aria-label={text.policyLabel}>
      {badges.map(({ label, isOpen }) => (
        <li key={label} className={classes.badge} data-open={isOpen}>
          {isOpen && <IconWorld size={14} aria-hidden="true" />}
          {label}
        </li>
      ))}
    </ul>
  );
}

/**
 * @param {Pipeline} pipeline
 * @param {System} system
 * @returns {{label: string, isOpen: boolean}[]}
 */
export function badgesOf(pipeline, system) {
  const badges = LIMITS.flatMap((field) => {
    const value = pipeline[field];
    if (value === null || value === system[field]) return [];
    return [{ label: text.badges[field](withUnit(field, value)), isOpen: false }];
  });
  const network = pipeline.network ?? system.network;
  const isOpen = network === "open";
  const isOther = JSON.stringify(network) !== JSON.stringify(system.network);
  return isOpen || isOther
    ? [...badges, { label: text.badges.network(showNetwork(network)), isOpen }]
    : badges;
}
