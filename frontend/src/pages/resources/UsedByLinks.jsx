import { PipelineLinks } from "../../components/PipelineLinks.jsx";
import { words } from "../../words.js";

/** How many stand on a card before it says how many more there are. */
const MOST = 4;

/**
 * Which pipelines need a resource, each a way to its page.
 *
 * @param {object} props
 * @param {readonly string[]} props.pipelines
 * @param {boolean} [props.all]
 */
export function UsedByLinks({ pipelines, all = false }) {
  if (pipelines.length === 0) return words.common.notUsed;
  const shown = all || pipelines.length <= MOST ? pipelines : pipelines.slice(0, MOST - 1);
  const rest = pipelines.length - shown.length;
  return (
    <>
      <PipelineLinks names={shown} />
      {rest > 0 && ` ${words.models.more(rest)}`}
    </>
  );
}
