/**
 * What was written and isn't saved, kept until the tab is closed: it survives a reload and a wrong click.
 *
 * @typedef {object} Draft
 * @property {string} text
 * @property {string} version of what was edited
 */

const key = (/** @type {string} */ name) => `sluice-draft-${name}`;

/**
 * @param {string} name
 * @returns {Draft | null}
 */
export function readDraft(name) {
  try {
    const draft = JSON.parse(sessionStorage.getItem(key(name)) ?? "null");
    return typeof draft?.text === "string" && typeof draft.version === "string" ? draft : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {Draft} draft
 */
export function keepDraft(name, draft) {
  try {
    sessionStorage.setItem(key(name), JSON.stringify(draft));
  } catch {
    // The storage is full or switched off; what was written still stands in the editor.
  }
}

/** @param {string} name */
export function dropDraft(name) {
  sessionStorage.removeItem(key(name));
}
