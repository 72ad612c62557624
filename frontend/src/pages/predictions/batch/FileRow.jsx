import { memo } from "react";
import { formatDuration } from "../../../lib/format.js";
import classes from "./Outcome.module.css";
import { RunState } from "./RunState.jsx";

/** @import { BatchItem } from "./useBatch.js" */

/**
 * A file in the list of a batch; pressing it shows its result.
 *
 * @param {object} props
 * @param {BatchItem} props.item
 * @param {boolean} props.isShown
 * @param {(id: number) => void} props.onShow
 */
function PlainFileRow({ item: { id, load, state, tookMs }, isShown, onShow }) {
  return (
    <li>
      <button
        type="button"
        className={classes.row}
        onClick={() => onShow(id)}
        aria-current={isShown ? "true" : undefined}
      >
        <span className={classes.name}>{load.file.name}</span>{" "}
        <span className={classes.took}>{tookMs !== undefined && formatDuration(tookMs)}</span>{" "}
        <RunState state={state} />
      </button>
    </li>
  );
}

export const FileRow = memo(PlainFileRow);
