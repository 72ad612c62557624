import { Tooltip } from "@mantine/core";
import { words } from "../words.js";

/**
 * How many pipelines need something; which ones stands in its details and in the hint.
 *
 * @param {object} props
 * @param {string[]} props.pipelines
 */
export function UsedBy({ pipelines }) {
  if (pipelines.length === 0) return words.common.notUsed;
  return (
    <Tooltip label={pipelines.join(", ")} multiline maw={320}>
      <span>{words.common.inPipelines(pipelines.length)}</span>
    </Tooltip>
  );
}
