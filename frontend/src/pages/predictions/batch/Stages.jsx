import { IconBinaryTree2, IconCheck, IconListCheck, IconUpload } from "@tabler/icons-react";
import { words } from "../../../words.js";
import classes from "./Stages.module.css";

const text = words.batch;

/** @typedef {"choose" | "upload" | "outcome"} Stage */

/** @type {[Stage, React.ComponentType<any>][]} */
const STAGES = [
  ["choose", IconBinaryTree2],
  ["upload", IconUpload],
  ["outcome", IconListCheck],
];

/**
 * Where one is in a batch: three circles on a line.
 *
 * @param {object} props
 * @param {Stage} props.current
 */
export function Stages({ current }) {
  const at = STAGES.findIndex(([stage]) => stage === current);
  return (
    <ol className={classes.stages} aria-label={text.stagesLabel}>
      {STAGES.map(([stage, Icon], i) => {
        const state = i < at ? "past" : i === at ? "current" : "next";
        const Shown = state === "past" ? IconCheck : Icon;
        return (
          <li
            key={stage}
            className={classes.stage}
            data-state={state}
            aria-current={state === "current" ? "step" : undefined}
          >
            <span className={classes.circle}>
              <Shown size={18} stroke={1.7} aria-hidden="true" />
            </span>
            <span className={classes.name}>{text.stages[stage]}</span>
          </li>
        );
      })}
    </ol>
  );
}
