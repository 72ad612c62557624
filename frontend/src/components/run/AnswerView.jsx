import { Button, Code, CopyButton, Group, SegmentedControl, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useId, useMemo, useState } from "react";
import { formatBytes } from "../../lib/format.js";
import { layOutJson } from "../../lib/json.js";
import { isContainer, JsonTree } from "../../lib/jsonTree.js";
import { saveText } from "../../lib/saveText.js";
import { words } from "../../words.js";
import { DataPictures } from "../json/DataPictures.jsx";
import { JsonView } from "../json/JsonView.jsx";
import classes from "./AnswerView.module.css";

/** More than this is neither read by anyone nor good for the page. */
const SHOWN_CHARACTERS = 200_000;
const TREE_CHARACTERS = 64_000_000;

/**
 * What a run answered: as a tree or as text, with the pictures in it, to copy and to download.
 *
 * @param {object} props
 * @param {string} props.text
 * @param {string} props.name names the file that is downloaded
 */
export function AnswerView({ text, name }) {
  const id = useId();
  const [asText, setAsText] = useState(false);
  const tree = useMemo(() => treeOf(text), [text]);
  const hasTree = tree !== null && isContainer(tree.root);
  return (
    <section aria-labelledby={id}>
      <Group justify="space-between" mb={6} gap={4}>
        <Group gap="sm">
          <Text id={id} component="h3" size="sm" fw={600} m={0}>
            {words.run.answer}
          </Text>
          <Text size="xs" c="dimmed">
            {formatBytes(text.length)}
          </Text>
        </Group>
        <Group gap={4}>
          {hasTree && (
            <SegmentedControl
              size="xs"
              aria-label={words.run.view}
              value={asText ? "text" : "tree"}
              onChange={(value) => setAsText(value === "text")}
              data={[
                { value: "tree", label: words.run.tree },
                { value: "text", label: words.run.text },
              ]}
            />
          )}
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button
                size="compact-sm"
                variant="subtle"
                leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
                onClick={copy}
              >
                {copied ? words.common.copied : words.common.copy}
              </Button>
            )}
          </CopyButton>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconDownload size={15} />}
            onClick={() => saveText(text, `${name}.json`)}
          >
            {words.common.download}
          </Button>
        </Group>
      </Group>
      {tree && <DataPictures tree={tree} />}
      {hasTree && !asText ? (
        <JsonView key={text} tree={tree} label={words.run.answer} />
      ) : (
        <AnswerText text={text} />
      )}
    </section>
  );
}

/**
 * @param {object} props
 * @param {string} props.text
 */
function AnswerText({ text }) {
  const isLong = text.length > SHOWN_CHARACTERS;
  const shown = useMemo(() => (isLong ? text.slice(0, SHOWN_CHARACTERS) : layOutJson(text)), [text, isLong]);
  return (
    <>
      <Code block className={classes.text} tabIndex={0}>
        {shown}
      </Code>
      {isLong && (
        <Text size="xs" c="dimmed" mt={4}>
          {words.run.shortened(formatBytes(text.length))}
        </Text>
      )}
    </>
  );
}

/**
 * @param {string} text
 * @returns {JsonTree | null} null where it isn't JSON, or more of it than a browser can hold
 */
function treeOf(text) {
  if (text.length > TREE_CHARACTERS) return null;
  try {
    return new JsonTree(text);
  } catch {
    return null;
  }
}
