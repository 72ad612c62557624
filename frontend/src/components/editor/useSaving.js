import { useQueryClient } from "@tanstack/react-query";
import { versionTag } from "../../api/client.js";
import { ApiError, isAbort } from "../../api/errors.js";
import { keys } from "../../api/keys.js";
import { useSaveText } from "../../api/resources.js";
import { useAbort } from "../../lib/useAbort.js";

/** @import { ReplacedResource } from "../../api/types.js" */
/** @import { Editing } from "./useEditing.js" */

/**
 * @typedef {object} Saving
 * @property {boolean} isSaving
 * @property {() => void} save does nothing where nothing has changed
 * @property {() => void} cancel
 * @property {() => void} forget how the last save ended
 * @property {ReplacedResource | undefined} result
 * @property {unknown} error why it wasn't saved
 * @property {{line: number, message: string} | null} refusedHere the line of this file that is to blame
 */

/**
 * Saves what is edited, once the server has tried it with every pipeline that uses it.
 *
 * @param {string} name
 * @param {Editing} editing
 * @param {(result: ReplacedResource) => void} [onSaved]
 * @returns {Saving}
 */
export function useSaving(name, editing, onSaved) {
  const client = useQueryClient();
  const mutation = useSaveText(name);
  const abort = useAbort();
  const error = isAbort(mutation.error) ? null : mutation.error;

  const save = () => {
    if (mutation.isPending || !editing.isDirty || editing.theirs) return;
    const { text, version } = editing;
    mutation.mutate(
      { text, ifMatch: version, signal: abort.begin() },
      {
        onSuccess: (result) => {
          client.setQueryData(keys.resource(name), { ...result, text });
          editing.saved(text, versionTag(result));
          onSaved?.(result);
        },
      },
    );
  };

  return {
    isSaving: mutation.isPending,
    save,
    cancel: abort.abort,
    forget: mutation.reset,
    result: mutation.data,
    error,
    refusedHere: error instanceof ApiError ? lineToBlame(name, error.details) : null,
  };
}

/**
 * @param {string} name
 * @param {Record<string, any>} problem
 * @returns {{line: number, message: string} | null}
 */
function lineToBlame(name, problem) {
  if (problem.code === "invalid-script" && problem.line)
    return { line: problem.line, message: problem.detail };
  const blamed = problem.pipelines?.find?.(
    (/** @type {Record<string, any>} */ each) => each.script === name && each.line,
  );
  return blamed ? { line: blamed.line, message: blamed.exception ?? blamed.message } : null;
}
