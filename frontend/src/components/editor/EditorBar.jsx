import { Button, Group, Progress } from "@mantine/core";
import { IconArrowBackUp, IconDeviceFloppy } from "@tabler/icons-react";
import { words } from "../../words.js";
import classes from "./EditorBar.module.css";

/** @import { Editing } from "./useEditing.js" */

const text = words.editor;

/**
 * Whether all is saved, and the buttons that do it.
 *
 * @param {object} props
 * @param {Editing} props.editing
 * @param {boolean} props.isSaving
 * @param {readonly string[]} props.usedBy
 * @param {() => void} props.onSave
 * @param {() => void} props.onCancel
 */
export function EditorBar({ editing, isSaving, usedBy, onSave, onCancel }) {
  const { isDirty, theirs, hasArrived, reset } = editing;
  const state = isSaving
    ? text.saving(usedBy.length)
    : isDirty
      ? text.unsaved
      : hasArrived
        ? text.arrived
        : text.saved;
  return (
    <div>
      <Group gap={8} justify="space-between">
        <span role="status" className={classes.state} data-unsaved={isDirty}>
          {state}
        </span>
        {isSaving ? (
          <Button size="compact-md" variant="default" onClick={onCancel}>
            {words.common.cancel}
          </Button>
        ) : (
          <Group gap={8}>
            {isDirty && (
              <Button
                size="compact-md"
                variant="default"
                leftSection={<IconArrowBackUp size={16} aria-hidden="true" />}
                onClick={reset}
              >
                {text.discard}
              </Button>
            )}
            <Button
              size="compact-md"
              leftSection={<IconDeviceFloppy size={16} aria-hidden="true" />}
              disabled={!isDirty || theirs !== null}
              onClick={onSave}
            >
              {text.save}
            </Button>
          </Group>
        )}
      </Group>
      {isSaving && (
        <Progress.Root size="sm" mt={6}>
          <Progress.Section
            value={100}
            animated
            withAria={false}
            role="progressbar"
            aria-label={text.progress}
          />
        </Progress.Root>
      )}
    </div>
  );
}
