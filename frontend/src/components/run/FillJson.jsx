import { Button } from "@mantine/core";
import { jsonSkeleton } from "../../lib/jsonSkeleton.js";
import { words } from "../../words.js";

/** @import { Tensor } from "../../api/types.js" */

/**
 * Begins the JSON for a pre-processing script with what one from the template reads: the model's inputs by name.
 *
 * @param {object} props
 * @param {readonly Tensor[]} props.inputs of the model
 * @param {string} props.json what stands there already; it isn't overwritten
 * @param {(json: string) => void} props.onFill
 */
export function FillJson({ inputs, json, onFill }) {
  if (inputs.length === 0 || json.trim()) return null;
  return (
    <Button size="compact-sm" variant="subtle" mt={4} onClick={() => onFill(jsonSkeleton(inputs))}>
      {words.run.fillJson}
    </Button>
  );
}
