import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { words } from "../../words.js";
import { remarks } from "./remark.js";
import { look } from "./theme.js";

/** @import { Extension } from "@codemirror/state" */

/**
 * What is written: by the ending of its name.
 *
 * @param {string} name
 * @returns {Extension}
 */
function language(name) {
  if (/\.pyi?$/i.test(name)) return [python(), indentUnit.of("    ")];
  return /\.json$/i.test(name) ? json() : EditorView.lineWrapping;
}

/**
 * @param {string} name of the file
 * @param {Record<string, string>} attributes of what is read or written in
 * @returns {Extension} what reading and writing share
 */
function common(name, attributes) {
  return [
    EditorState.phrases.of(words.editor.phrases),
    // Escape is the editor's: a dialog around it stays open.
    EditorView.contentAttributes.of({
      tabindex: "0",
      ...attributes,
      "data-mantine-stop-propagation": "true",
    }),
    EditorState.tabSize.of(4),
    lineNumbers(),
    highlightSpecialChars(),
    highlightSelectionMatches(),
    bracketMatching(),
    language(name),
    remarks,
    look,
  ];
}

/**
 * To read, to search and to copy from.
 *
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @returns {Extension}
 */
export function reading(name, attributes) {
  return [
    common(name, { ...attributes, "aria-readonly": "true", tabindex: "0" }),
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    keymap.of([...searchKeymap, ...defaultKeymap]),
  ];
}

/**
 * To write.
 *
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {() => void} save
 * @returns {Extension}
 */
export function writing(name, attributes, save) {
  const saveKey = {
    key: "Mod-s",
    preventDefault: true,
    run: () => {
      save();
      return true;
    },
  };
  return [
    common(name, attributes),
    history(),
    indentOnInput(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    lintGutter(),
    keymap.of([saveKey, indentWithTab, ...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap]),
  ];
}
