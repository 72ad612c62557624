import { Facts } from "../../components/Facts.jsx";
import { Time } from "../../components/Time.jsx";
import { formatBytes } from "../../lib/format.js";
import { words } from "../../words.js";
import classes from "./Home.module.css";
import { Section } from "./Section.jsx";

/** @import { System } from "../../api/types.js" */

const text = words.home;

/**
 * The server itself.
 *
 * @param {object} props
 * @param {System} props.system
 */
export function ServerFacts({ system: { version, startedAt, sandbox, disk, onnxruntime } }) {
  return (
    <Section title={text.server}>
      <div className={classes.panel}>
        <Facts
          facts={[
            [text.version, `${version}, onnxruntime ${onnxruntime}`],
            [text.started, <Time key="started" at={startedAt} />],
            [text.sandboxLevel, text.sandboxLevels[sandbox.level]],
            [text.room, text.roomOf(formatBytes(disk.freeBytes), formatBytes(disk.totalBytes))],
            [text.data, formatBytes(disk.dataBytes)],
          ]}
        />
      </div>
    </Section>
  );
}
