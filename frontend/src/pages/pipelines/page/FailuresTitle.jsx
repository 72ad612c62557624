import { useFailures } from "../../../api/statistics.js";
import { words } from "../../../words.js";

/**
 * The title of the tab with the failed calls, with how many there are.
 *
 * @param {object} props
 * @param {string} props.name of the pipeline
 */
export function FailuresTitle({ name }) {
  const count = useFailures("pipelines", name).data?.length ?? 0;
  return words.pipelinePage.failuresTab(count);
}
