import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { words } from "../../words.js";

/**
 * A button that copies a text; where the browser refuses, as it does on pages without HTTPS, it says so.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.text
 */
export function CopyText({ label, text }) {
  const { copy, copied, error } = useClipboard();
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      flex="none"
      leftSection={<Icon size={15} aria-hidden="true" />}
      onClick={() => copy(text)}
    >
      <span aria-live="polite">
        {error ? words.snippets.notCopied : copied ? words.common.copied : label}
      </span>
    </Button>
  );
}
