import { Button, Progress, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { ShowMore } from "../../../components/list/ShowMore.jsx";
import { useGrowing } from "../../../components/list/useGrowing.js";
import { words } from "../../../words.js";
import { FileResult } from "./FileResult.jsx";
import { FileRow } from "./FileRow.jsx";
import { MoreFiles } from "./MoreFiles.jsx";
import classes from "./Outcome.module.css";
import { SaveAll } from "./SaveAll.jsx";

/** @import { BatchItem, BatchQueue, Target } from "./useBatch.js" */

const text = words.batch;
const ROWS = 100;

/**
 * The third stage: how far it is, and each file's answer or failure.
 *
 * @param {object} props
 * @param {Target} props.target
 * @param {BatchQueue} props.queue
 * @param {readonly BatchItem[]} props.items
 * @param {boolean} props.busy
 * @param {(files: readonly File[]) => void} props.onFiles
 * @param {() => void} props.onNew
 */
export function Outcome({ target, queue, items, busy, onFiles, onNew }) {
  const [chosen, choose] = useState(/** @type {number | null} */ (null));
  const [onlyFailed, setOnlyFailed] = useState(false);
  const count = (/** @type {BatchItem["state"]} */ state) =>
    items.filter((item) => item.state === state).length;
  const done = count("done");
  const failed = count("failed");
  const rest = items.filter(({ state }) => state === "failed" || state === "cancelled");
  const listed = onlyFailed && failed > 0 ? items.filter(({ state }) => state === "failed") : items;
  const growing = useGrowing(listed, ROWS);
  const shown = items.find(({ id }) => id === chosen) ?? listed[0];
  return (
    <div className={classes.outcome}>
      <div className={classes.head}>
        <div className={classes.summary}>
          <span className={classes.target}>{target.name}</span>
          <span role="status">{text.summary(done, failed, items.length, busy)}</span>
        </div>
        <div className={classes.actions}>
          {busy ? (
            <Button size="compact-sm" variant="default" onClick={() => queue.cancelAll()}>
              {text.cancelAll}
            </Button>
          ) : (
            <>
              {rest.length > 0 && (
                <Button size="compact-sm" variant="default" onClick={() => queue.start()}>
                  {text.retryRest(rest.length)}
                </Button>
              )}
              <MoreFiles onFiles={onFiles} />
              <Button size="compact-sm" variant="default" onClick={onNew}>
                {text.again}
              </Button>
            </>
          )}
          <SaveAll items={items} name={target.name} disabled={done + failed === 0} />
        </div>
        <Progress.Root size="sm" className={classes.progress}>
          <Progress.Section value={(100 * done) / items.length} aria-label={text.progress} />
          {failed > 0 && (
            <Progress.Section
              value={(100 * failed) / items.length}
              color="var(--broken)"
              aria-label={text.progressFailed}
            />
          )}
        </Progress.Root>
      </div>
      <div className={classes.columns}>
        <div>
          {failed > 0 && failed < items.length && (
            <SegmentedControl
              size="xs"
              fullWidth
              mb="xs"
              aria-label={text.show}
              value={onlyFailed ? "failed" : "all"}
              onChange={(value) => setOnlyFailed(value === "failed")}
              data={[
                { value: "all", label: text.all(items.length) },
                { value: "failed", label: text.onlyFailed(failed) },
              ]}
            />
          )}
          <ul className={classes.files} aria-label={text.filesLabel}>
            {growing.first.map((item) => (
              <FileRow key={item.id} item={item} isShown={item === shown} onShow={choose} />
            ))}
          </ul>
          <ShowMore growing={growing} />
        </div>
        <FileResult
          key={shown.id}
          item={shown}
          onRun={() => queue.start([shown.id])}
          onCancel={() => queue.cancel(shown.id)}
        />
      </div>
    </div>
  );
}
