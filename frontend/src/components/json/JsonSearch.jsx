import { CloseButton, Group, Text, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconSearch } from "@tabler/icons-react";
import { words } from "../../words.js";
import { IconAction } from "../IconAction.jsx";

/**
 * A field that searches, and the way from one match to the next: Enter and Shift+Enter.
 *
 * @param {object} props
 * @param {string} props.value
 * @param {(value: string) => void} props.onChange
 * @param {number} props.count
 * @param {number} props.at which match is shown, from 0
 * @param {(at: number) => void} props.onGo
 */
export function JsonSearch({ value, onChange, count, at, onGo }) {
  const go = (/** @type {number} */ step) => {
    if (count > 0) onGo((at + step + count) % count);
  };
  return (
    <Group gap={4} wrap="nowrap">
      <TextInput
        size="xs"
        aria-label={words.json.search}
        placeholder={words.json.search}
        leftSection={<IconSearch size={14} aria-hidden="true" />}
        rightSection={
          value && <CloseButton size="xs" aria-label={words.json.clear} onClick={() => onChange("")} />
        }
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value) {
            // In a dialog, the first Escape empties the field.
            event.stopPropagation();
            onChange("");
          }
          if (event.key !== "Enter") return;
          event.preventDefault();
          go(event.shiftKey ? -1 : 1);
        }}
      />
      <Text size="xs" c="dimmed" role="status" miw={0}>
        {value && words.json.matches(count === 0 ? 0 : at + 1, count)}
      </Text>
      {count > 1 && (
        <>
          <IconAction label={words.json.previous} icon={IconChevronUp} onClick={() => go(-1)} />
          <IconAction label={words.json.next} icon={IconChevronDown} onClick={() => go(1)} />
        </>
      )}
    </Group>
  );
}
