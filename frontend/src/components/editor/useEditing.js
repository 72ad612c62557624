import { useEffect, useState } from "react";
import { versionTag } from "../../api/client.js";
import { dropDraft, keepDraft, readDraft } from "./drafts.js";

/** @import { Resource } from "../../api/types.js" */

/**
 * @typedef {object} Version
 * @property {string | null} text null where what was edited isn't there any more
 * @property {string} version
 *
 * @typedef {object} Editing
 * @property {string} text as it stands in the editor
 * @property {boolean} isDirty it isn't what is saved
 * @property {string} version what a save replaces
 * @property {{text: string, version: string} | null} theirs what somebody else saved meanwhile, other than this
 * @property {boolean} wasRestored it was written before the page was loaded
 * @property {boolean} hasArrived somebody else's text took the place of one that wasn't edited
 * @property {(text: string) => void} change
 * @property {(text: string, version: string) => void} saved
 * @property {() => void} reset to what is saved
 * @property {() => void} keepMine save over theirs next
 */

/**
 * A text while it is edited: what is saved, what stands in the editor, and what others save meanwhile.
 *
 * @param {Resource & {text: string}} resource as the server has it now
 * @returns {Editing}
 */
export function useEditing(resource) {
  const { name } = resource;
  const current = { text: resource.text, version: versionTag(resource) };
  const [state, setState] = useState(() => begin(name, current));
  const { base, text } = state;
  const isDirty = text !== base.text;

  // Adopted while rendering, so that no moment shows a conflict that isn't one.
  if (current.version !== base.version && (!isDirty || text === current.text)) {
    const hasArrived = text !== current.text;
    setState({ base: current, text: current.text, wasRestored: false, hasArrived });
  }

  useEffect(() => {
    if (isDirty) keepDraft(name, { text, version: base.version });
    else dropDraft(name);
  }, [name, isDirty, text, base.version]);

  return {
    text,
    isDirty,
    version: base.version,
    theirs: isDirty && current.version !== base.version ? current : null,
    wasRestored: state.wasRestored && isDirty,
    hasArrived: state.hasArrived && !isDirty,
    change: (next) => setState((old) => ({ ...old, text: next, hasArrived: false })),
    saved: (savedText, version) =>
      setState((old) => ({
        ...old,
        base: { text: savedText, version },
        wasRestored: false,
        hasArrived: false,
      })),
    keepMine: () => setState((old) => ({ ...old, base: current })),
    reset: () => setState({ base: current, text: current.text, wasRestored: false, hasArrived: false }),
  };
}

/**
 * @param {string} name
 * @param {{text: string, version: string}} current
 * @returns {{base: Version, text: string, wasRestored: boolean, hasArrived: boolean}}
 */
function begin(name, current) {
  const draft = readDraft(name);
  if (!draft || draft.text === current.text) {
    return { base: current, text: current.text, wasRestored: false, hasArrived: false };
  }
  const base = draft.version === current.version ? current : { text: null, version: draft.version };
  return { base, text: draft.text, wasRestored: true, hasArrived: false };
}
