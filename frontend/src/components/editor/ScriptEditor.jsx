import { Skeleton } from "@mantine/core";
import { useResource } from "../../api/resources.js";
import { useMayChange } from "../../api/session.js";
import { words } from "../../words.js";
import { Notice } from "../Notice.jsx";
import { QueryView } from "../QueryView.jsx";
import { CodeView } from "./CodeView.jsx";
import { Editing } from "./Editing.jsx";

/** @import { ReplacedResource } from "../../api/types.js" */

/**
 * A resource's text: to read, and for who may change it to edit, with what is wrong in it told as one writes.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {number} [props.line] that failed, 1-based
 * @param {string} [props.message] stands beside that line
 * @param {(result: ReplacedResource) => void} [props.onSaved]
 * @param {boolean} [props.compact] no higher than half of the window
 */
export function ScriptEditor({ name, line, message, onSaved, compact = false }) {
  const resource = useResource(name);
  const mayChange = useMayChange();
  return (
    <QueryView query={resource} skeleton={<Skeleton height={compact ? 240 : 420} />}>
      {(found) => {
        const { text } = found;
        if (text == null) return <Notice tone="info">{words.resources.notText}</Notice>;
        if (!mayChange) {
          return (
            <CodeView
              name={name}
              label={words.editor.sourceOf(name)}
              text={text}
              line={line}
              message={message}
              compact={compact}
            />
          );
        }
        return (
          <Editing
            key={found.id}
            resource={{ ...found, text }}
            line={line}
            message={message}
            onSaved={onSaved}
            compact={compact}
          />
        );
      }}
    </QueryView>
  );
}

export default ScriptEditor;
