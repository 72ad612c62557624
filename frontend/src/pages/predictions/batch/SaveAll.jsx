import { Button, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { saveText } from "../../../lib/saveText.js";
import { words } from "../../../words.js";
import { asJsonArray, asJsonLines, resultLines } from "./results.js";

/** @import { BatchItem } from "./useBatch.js" */

const text = words.batch;

/**
 * Downloads what came out of all files, failures included, each with its file's name.
 *
 * @param {object} props
 * @param {readonly BatchItem[]} props.items
 * @param {string} props.name names the file
 * @param {boolean} props.disabled
 */
export function SaveAll({ items, name, disabled }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="compact-sm"
          leftSection={<IconDownload size={15} aria-hidden="true" />}
          disabled={disabled}
        >
          {text.saveAll}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => saveText(asJsonLines(resultLines(items)), `${name}.jsonl`)}>
          {text.jsonLines}
        </Menu.Item>
        <Menu.Item onClick={() => saveText(asJsonArray(resultLines(items)), `${name}.json`)}>
          {text.jsonArray}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
