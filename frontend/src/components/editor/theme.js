import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** How code looks: the page's own colours, which change with the scheme by themselves. */

const frame = EditorView.theme({
  "&": {
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    fontSize: "var(--code)",
    border: "1px solid var(--line)",
    borderRadius: "4px",
    maxHeight: "var(--editor-height)",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": {
    overflow: "auto",
    fontFamily: "var(--mantine-font-family-monospace)",
    lineHeight: "1.55",
  },
  ".cm-content": { caretColor: "var(--ink)", padding: "8px 0", minHeight: "var(--editor-least)" },
  ".cm-line": { padding: "0 12px 0 6px" },
  ".cm-gutters": {
    color: "var(--quiet)",
    backgroundColor: "var(--surface)",
    border: "0",
    paddingRight: "4px",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": { backgroundColor: "var(--sunken)" },
  "&.cm-focused .cm-failedLine": { backgroundColor: "var(--broken-tint)" },
  ".cm-activeLineGutter": { color: "var(--ink)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--line-strong)",
  },
  "&.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--broken)",
  },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--starting-tint)" },
  ".cm-searchMatch": { outline: "1px solid var(--starting)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--accent-tint)", outline: "2px solid var(--accent)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--surface)", fontFamily: "inherit" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "6px 28px 6px 8px" },
  ".cm-panel.cm-search label": { fontSize: "0.8125rem", whiteSpace: "nowrap" },
  ".cm-textfield": {
    color: "var(--ink)",
    backgroundColor: "var(--sunken)",
    border: "1px solid var(--line-strong)",
    borderRadius: "4px",
    fontSize: "0.8125rem",
  },
  ".cm-button": {
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    backgroundImage: "none",
    border: "1px solid var(--line-strong)",
    borderRadius: "4px",
    fontSize: "0.8125rem",
  },
  ".cm-panel.cm-search [name=close]": {
    color: "var(--ink)",
    fontSize: "1.25rem",
    width: "24px",
    height: "24px",
  },
  ".cm-tooltip": {
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    border: "1px solid var(--line-strong)",
  },
  ".cm-diagnostic": { fontFamily: "var(--mantine-font-family)", maxWidth: "60ch", overflowWrap: "anywhere" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--broken)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--starting)" },
  ".cm-lintRange-error, .cm-lintRange-warning": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--broken)",
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-warning": { textDecorationColor: "var(--starting)" },
  ".cm-gutter-lint": { width: "16px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "3px 2px" },
  ".cm-lint-marker": { width: "11px", height: "11px" },
  ".cm-lint-marker-error": { content: '""', backgroundColor: "var(--broken)", borderRadius: "50%" },
  ".cm-lint-marker-warning": {
    content: '""',
    backgroundColor: "var(--starting)",
    clipPath: "polygon(50% 0, 100% 100%, 0 100%)",
  },
  ".cm-lintPoint:after": { borderBottomColor: "var(--broken)" },
  ".cm-failedLine": { backgroundColor: "var(--broken-tint)", boxShadow: "inset 2px 0 var(--broken)" },
  ".cm-remarkedLine": { backgroundColor: "var(--starting-tint)", boxShadow: "inset 2px 0 var(--starting)" },
  ".cm-failure": {
    padding: "4px 12px 6px 6px",
    color: "var(--broken)",
    backgroundColor: "var(--broken-tint)",
    boxShadow: "inset 2px 0 var(--broken)",
    fontFamily: "var(--mantine-font-family)",
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
  ".cm-failure > div": { position: "sticky", left: "6px", maxWidth: "calc(100cqi - 72px)" },
});

/** Three hues only, and none of those that say a state. */
const colours = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.modifier],
    color: "var(--code-keyword)",
    fontWeight: "600",
  },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.escape], color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.self], color: "var(--code-value)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--quiet)", fontStyle: "italic" },
  {
    tag: [tags.definition(tags.function(tags.variableName)), tags.definition(tags.className)],
    fontWeight: "600",
  },
  { tag: tags.propertyName, color: "var(--ink)" },
  { tag: tags.meta, color: "var(--code-keyword)" },
]);

export const look = [frame, syntaxHighlighting(colours)];
