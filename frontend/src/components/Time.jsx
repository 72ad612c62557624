import { Tooltip } from "@mantine/core";
import { formatExact, formatRelative } from "../lib/format.js";

/**
 * A moment as people say it; the exact one on hover.
 *
 * @param {object} props
 * @param {string} props.at ISO 8601
 */
export function Time({ at }) {
  return (
    <Tooltip label={formatExact(at)}>
      <time dateTime={at}>{formatRelative(at)}</time>
    </Tooltip>
  );
}
