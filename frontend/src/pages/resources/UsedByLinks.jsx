import { PipelineLinks } from "../../components/PipelineLinks.jsx";
import { words } from "../../words.js";
import classes from "./UsedByLinks.module.css";

/** How many stand on a card before it says how many more there are. */
const MOST = 4;

/**
 * Which pipelines need a resource, each a way to its page.
 *
 * @param {object} props
 * @param {readonly string[]} props.pipelines
 */
export function UsedByLinks({ pipelines }) {
  if (pipelines.length === 0) return <span className={classes.none}>{words.common.notUsed}</span>;
  const shown = pipelines.length <= MOST ? pipelines : pipelines.slice(0, MOST - 1);
  const rest = pipelines.length - shown.length;
  return (
    <>
      <PipelineLinks names={shown} />
      {rest > 0 && ` ${words.models.more(rest)}`}
    </>
  );
}
