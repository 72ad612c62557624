import { MultiSelect } from "@mantine/core";
import { words } from "../../../words.js";
import { PackagesHint } from "../PackagesHint.jsx";

/** @import { Resource } from "../../../api/types.js" */
/** @import { DraftForm } from "./draft.js" */

const text = words.pipelines;

/**
 * The choice of what scripts import and open, each in its group.
 *
 * @param {object} props
 * @param {DraftForm} props.form
 * @param {Resource[]} props.resources
 */
export function DataFilesField({ form, resources }) {
  const groups = /** @type {const} */ (["module", "data"])
    .map((kind) => ({
      group: text.fileGroups[kind],
      items: resources.filter((resource) => resource.kind === kind).map(({ name }) => name),
    }))
    .filter(({ items }) => items.length > 0);
  const chosen = resources.filter(({ name }) => form.values.dataFiles.includes(name));
  return (
    <MultiSelect
      label={text.dataFiles}
      description={<PackagesHint hint={`${text.optional} ${text.dataFilesHint}`} chosen={chosen} />}
      placeholder={groups.length ? undefined : text.noDataFiles}
      data={groups}
      disabled={!groups.length}
      searchable
      clearable
      {...form.getInputProps("dataFiles")}
    />
  );
}
