import { Stack } from "@mantine/core";
import { useId, useRef } from "react";
import { useLeaveGuard } from "../../lib/useLeaveGuard.js";
import { words } from "../../words.js";
import { Code } from "./Code.jsx";
import { Conflict } from "./Conflict.jsx";
import { EditorBar } from "./EditorBar.jsx";
import { Keys } from "./Keys.jsx";
import { LeaveQuestion } from "./LeaveQuestion.jsx";
import { Problems } from "./Problems.jsx";
import { Restored } from "./Restored.jsx";
import { SaveOutcome } from "./SaveOutcome.jsx";
import { useCheck } from "./useCheck.js";
import { useEditing } from "./useEditing.js";
import { useSaving } from "./useSaving.js";

/** @import { ReplacedResource, Resource } from "../../api/types.js" */
/** @import { CodeHandle } from "./Code.jsx" */

/**
 * The editor of one resource, with everything around it: its state, its problems, how a save ended.
 *
 * @param {object} props
 * @param {Resource & {text: string}} props.resource
 * @param {number} [props.line] that failed
 * @param {string} [props.message]
 * @param {(result: ReplacedResource) => void} [props.onSaved]
 * @param {boolean} [props.compact]
 */
export function Editing({ resource, line, message, onSaved, compact }) {
  const { name, kind, usedBy } = resource;
  const code = useRef(/** @type {CodeHandle | null} */ (null));
  const keysId = useId();
  const editing = useEditing(resource);
  const saving = useSaving(name, editing, onSaved);
  const check = useCheck(name, kind, editing.text, true);
  const guard = useLeaveGuard(editing.isDirty);
  const told = saving.refusedHere ?? { line, message };
  const goTo = (
    /** @type {number | null} */ at,
    /** @type {number | null | undefined} */ column = undefined,
  ) => code.current?.goTo(at, column);

  return (
    <Stack gap={10} component="section" aria-label={words.editor.editorOf(name)}>
      <EditorBar
        editing={editing}
        isSaving={saving.isSaving}
        usedBy={usedBy}
        onSave={saving.save}
        onCancel={saving.cancel}
      />
      {editing.theirs && !saving.isSaving && (
        <Conflict name={name} theirs={editing.theirs.text} editing={editing} />
      )}
      {editing.wasRestored && !editing.theirs && <Restored />}
      {!editing.theirs && <SaveOutcome name={name} saving={saving} onGoTo={goTo} />}
      <Code
        ref={code}
        name={name}
        label={words.editor.sourceOf(name)}
        describedBy={keysId}
        text={editing.text}
        onChange={editing.change}
        onSave={saving.save}
        problems={check.problems}
        line={told.line}
        message={told.message}
        compact={compact}
      />
      <Problems check={check} hasFailed={Boolean(told.line)} onGoTo={goTo} />
      <Keys id={keysId} />
      <LeaveQuestion name={name} guard={guard} />
    </Stack>
  );
}
