import { Button, Code, CopyButton, Group, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useId, useMemo } from "react";
import { formatBytes } from "../../lib/format.js";
import { layOutJson } from "../../lib/json.js";
import { saveText } from "../../lib/saveText.js";
import { words } from "../../words.js";
import classes from "./AnswerView.module.css";
import { StepTimes } from "./StepTimes.jsx";

/** More than this is neither read by anyone nor good for the page. */
const SHOWN_CHARACTERS = 200_000;

/**
 * What a run answered, as text, and how long each step took.
 *
 * @param {object} props
 * @param {import("../../api/predictions.js").Answer} props.answer
 * @param {string} props.name names the file that is downloaded
 */
export function AnswerView({ answer: { text, timings }, name }) {
  const id = useId();
  const isLong = text.length > SHOWN_CHARACTERS;
  const shown = useMemo(() => (isLong ? text.slice(0, SHOWN_CHARACTERS) : layOutJson(text)), [text, isLong]);
  return (
    <section aria-labelledby={id}>
      <Group justify="space-between" mb={6}>
        <Text id={id} component="h3" size="sm" fw={600} m={0}>
          {words.run.answer}
        </Text>
        <Group gap={4}>
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
      <Code block className={classes.text} tabIndex={0}>
        {shown}
      </Code>
      {isLong && (
        <Text size="xs" c="dimmed" mt={4}>
          {words.run.shortened(formatBytes(text.length))}
        </Text>
      )}
      <StepTimes timings={timings} />
    </section>
  );
}
