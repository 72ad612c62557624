import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType } from "@codemirror/view";

/**
 * Lines that something is said about.
 *
 * @typedef {object} Remarks
 * @property {number} [line] that failed, 1-based
 * @property {string} [message] stands below it
 * @property {readonly number[]} [marked] others, 1-based
 */

/** @type {import("@codemirror/state").StateEffectType<Remarks>} */
const setRemarks = StateEffect.define();

class Message extends WidgetType {
  /** @param {string} text */
  constructor(text) {
    super();
    this.text = text;
  }

  /** @param {Message} other */
  eq(other) {
    return other.text === this.text;
  }

  toDOM() {
    const element = document.createElement("div");
    element.className = "cm-failure";
    // The text by itself, so that it wraps within what is seen, however long the lines are.
    element.append(Object.assign(document.createElement("div"), { textContent: this.text }));
    return element;
  }
}

/** Keeps them at their lines while text is written above. */
export const remarks = StateField.define({
  create: () => Decoration.none,
  update(decorations, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setRemarks)) return decorationsOf(transaction.newDoc, effect.value);
    }
    return decorations.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * @param {import("@codemirror/state").Text} doc
 * @param {Remarks} said
 * @returns {import("@codemirror/view").DecorationSet}
 */
function decorationsOf(doc, { line, message, marked = [] }) {
  const isThere = (/** @type {number} */ number) => number >= 1 && number <= doc.lines;
  const ranges = marked
    .filter((number) => isThere(number) && number !== line)
    .map((number) => Decoration.line({ class: "cm-remarkedLine" }).range(doc.line(number).from));
  if (line && isThere(line)) {
    const { from, to } = doc.line(line);
    ranges.push(Decoration.line({ class: "cm-failedLine" }).range(from));
    if (message) {
      ranges.push(Decoration.widget({ widget: new Message(message), block: true, side: 1 }).range(to));
    }
  }
  return RangeSet.of(ranges, true);
}

/**
 * Say something about lines, in place of what was said before, and bring the one that failed into sight.
 *
 * Only the editor scrolls: the page stays with why it failed, and with what somebody reads just now.
 *
 * @param {EditorView} view
 * @param {Remarks} said
 */
export function remark(view, said) {
  const { doc } = view.state;
  view.dispatch({ effects: setRemarks.of(said) });
  if (!said.line || said.line > doc.lines) return;
  const { from } = doc.line(said.line);
  view.requestMeasure({
    read: ({ scrollDOM }) => {
      const { top, height } = view.lineBlockAt(from);
      return top - (scrollDOM.clientHeight - height) / 2;
    },
    write: (top, { scrollDOM }) => {
      scrollDOM.scrollTop = top;
    },
  });
}
