import { Facts } from "../../../components/Facts.jsx";
import { words } from "../../../words.js";
import { FIELDS } from "./editing.js";
import { showValue } from "./showValue.js";

/** @import { Pipeline, System } from "../../../api/types.js" */

/**
 * A pipeline's parts and settings for who may not change them.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {System} props.system
 */
export function SettingsFacts({ pipeline, system }) {
  return (
    <Facts
      facts={FIELDS.map((field) => [
        words.pipelinePage.fields[field],
        showValue(field, pipeline[field], system),
      ])}
    />
  );
}
