import { words } from "../../words.js";
import { Notice } from "../Notice.jsx";

/** Says that what stands in the editor was written before and isn't saved. */
export function Restored() {
  return <Notice tone="info">{words.editor.restored}</Notice>;
}
