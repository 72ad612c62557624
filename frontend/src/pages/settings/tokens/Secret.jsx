import { Button, Group, Stack, Textarea } from "@mantine/core";
import { Notice } from "../../../components/Notice.jsx";
import { CopyText } from "../../../components/snippets/CopyText.jsx";
import { words } from "../../../words.js";

const text = words.settings.tokens;

/**
 * A new token's secret, to be taken along now.
 *
 * @param {object} props
 * @param {string} props.secret
 * @param {() => void} props.onDone
 */
export function Secret({ secret, onDone }) {
  return (
    <Stack>
      <Notice tone="warning">{text.once}</Notice>
      <Textarea
        label={text.secret}
        value={secret}
        readOnly
        autosize
        spellCheck={false}
        // Where the browser refuses to copy, it is chosen already.
        ref={(field) => field?.select()}
        onFocus={(event) => event.currentTarget.select()}
        styles={{
          input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "var(--code)" },
        }}
      />
      <Group justify="space-between">
        <CopyText label={text.copy} text={secret} />
        <Button onClick={onDone}>{text.done}</Button>
      </Group>
    </Stack>
  );
}
