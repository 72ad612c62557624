import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";

// CodeMirror is large, so it comes when somebody looks at a script.
const ScriptEditor = lazy(() => import("../../../components/editor/ScriptEditor.jsx"));

/**
 * A script as it stands on the server, with the line that failed; who may change things repairs it here.
 *
 * @param {object} props
 * @param {string} props.script
 * @param {number} [props.line]
 * @param {string} [props.message] stands beside that line
 * @param {boolean} [props.compact]
 * @param {() => void} [props.onSaved]
 */
export function RepairScript({ script, line, message, compact = true, onSaved }) {
  return (
    <Suspense fallback={<Skeleton height={240} />}>
      <ScriptEditor name={script} line={line} message={message} compact={compact} onSaved={onSaved} />
    </Suspense>
  );
}
