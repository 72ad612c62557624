import { isolateHistory } from "@codemirror/commands";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useEffectEvent, useImperativeHandle, useRef } from "react";
import { diagnosticsOf, positionOf } from "./diagnostics.js";
import { reading, writing } from "./extensions.js";
import { remark } from "./remark.js";

/** @import { CodeProps } from "./Code.jsx" */

/**
 * The editor proper; the one module that brings CodeMirror along, so it is loaded when code is shown.
 *
 * @param {CodeProps} props
 */
export default function CodeMirror(props) {
  const { name, label, describedBy, text, onChange, onSave, problems, line, message, marked, ref } = props;
  const frame = useRef(/** @type {HTMLDivElement | null} */ (null));
  const view = useRef(/** @type {EditorView | null} */ (null));
  const known = useRef(text);
  // CodeMirror counts every line end as one; a file keeps its own.
  const lineEnd = useRef(lineEndOf(text));
  const isWriting = Boolean(onChange);

  const changed = useEffectEvent((/** @type {string} */ next) => onChange?.(next));
  const save = useEffectEvent(() => onSave?.());

  useEffect(() => {
    const attributes = { "aria-label": label, ...(describedBy && { "aria-describedby": describedBy }) };
    const listener = EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      const next = update.state.doc.sliceString(0, undefined, lineEnd.current);
      // What came from outside needn't be told.
      if (next === known.current) return;
      known.current = next;
      changed(next);
    });
    const made = new EditorView({
      parent: /** @type {HTMLDivElement} */ (frame.current),
      state: EditorState.create({
        doc: known.current,
        extensions: isWriting
          ? [writing(name, attributes, () => save()), listener]
          : reading(name, attributes),
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [name, label, describedBy, isWriting]);

  useEffect(() => {
    if (text === known.current || !view.current) return;
    known.current = text;
    lineEnd.current = lineEndOf(text);
    const { doc } = view.current.state;
    view.current.dispatch({
      changes: { from: 0, to: doc.length, insert: text },
      // Undo brings back what stood there before, not what stood there before the last word.
      annotations: isolateHistory.of("full"),
    });
  }, [text]);

  useEffect(() => {
    if (view.current && problems) {
      view.current.dispatch(
        setDiagnostics(view.current.state, diagnosticsOf(view.current.state.doc, problems)),
      );
    }
  }, [problems]);

  useEffect(() => {
    if (view.current) remark(view.current, { line, message, marked });
  }, [line, message, marked]);

  useImperativeHandle(ref, () => ({
    goTo(at, column) {
      if (!view.current) return;
      const anchor = positionOf(view.current.state.doc, at, column);
      view.current.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, { y: "center" }),
      });
      view.current.focus();
    },
  }));

  return <div ref={frame} />;
}

/**
 * @param {string} text
 * @returns {string}
 */
function lineEndOf(text) {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
