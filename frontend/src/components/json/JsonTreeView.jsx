import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { isContainer } from "../../lib/jsonTree.js";
import { words } from "../../words.js";
import classes from "./JsonTreeView.module.css";
import { keyAction } from "./treeKeys.js";

/** @import { JsonTree } from "../../lib/jsonTree.js" */
/** @import { Row } from "./rows.js" */

const SHOWN_SHUT = 120;
const SHOWN_OF_ITEMS = 60;
const SHOWN_OPEN = 20_000;

/**
 * The lines of a JSON tree, used by mouse or by keyboard as trees are: arrows, Home, End, Enter.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {JsonTree} props.tree
 * @param {Row[]} props.rows
 * @param {string} props.current id of the row that has the focus when the tree has
 * @param {string | null} props.found id of the row that the search stands at
 * @param {(id: string) => void} props.onMove
 * @param {(id: string, open: boolean) => void} props.onOpen
 */
export function JsonTreeView({ label, tree, rows, current, found, onMove, onOpen }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const here = Math.max(
    0,
    rows.findIndex(({ id }) => id === current),
  );

  useEffect(() => {
    if (found) rowElement(box.current, found)?.scrollIntoView({ block: "nearest" });
  }, [found]);

  const onKeyDown = (/** @type {React.KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = keyAction(event.key, rows, here);
    if (!action) return;
    event.preventDefault();
    if ("open" in action) onOpen(rows[here].id, action.open);
    else rowElement(box.current, rows[action.move].id)?.focus();
  };

  return (
    <div
      ref={box}
      role="tree"
      aria-label={label}
      tabIndex={-1}
      className={classes.tree}
      onKeyDown={onKeyDown}
    >
      {rows.map((row, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the tree itself takes the keys.
        <div
          key={row.id}
          data-row={row.id}
          role="treeitem"
          aria-level={row.level}
          aria-posinset={row.place}
          aria-setsize={row.siblings}
          aria-expanded={row.opens ? row.isOpen : undefined}
          aria-selected={row.id === found}
          tabIndex={index === here ? 0 : -1}
          className={classes.row}
          style={/** @type {React.CSSProperties} */ ({ "--level": row.level - 1 })}
          onFocus={() => onMove(row.id)}
          onClick={(event) => {
            if (!row.opens || selects(event.currentTarget)) return;
            onOpen(row.id, !row.isOpen);
          }}
        >
          <span className={classes.twist} aria-hidden="true">
            {row.opens && (row.isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />)}
          </span>
          <RowText tree={tree} row={row} />
        </div>
      ))}
    </div>
  );
}

/**
 * @param {object} props
 * @param {JsonTree} props.tree
 * @param {Row} props.row
 */
function RowText({ tree, row: { node, index, range, isOpen } }) {
  if (range) {
    return (
      <span className={classes.range}>
        {node.kind === "array"
          ? words.json.range(range[0], range[1] - 1)
          : words.json.range(range[0] + 1, range[1])}
      </span>
    );
  }
  const label = node.key ?? index;
  const { kind } = node;
  const most = isContainer(node) ? SHOWN_OF_ITEMS : isOpen ? SHOWN_OPEN : SHOWN_SHUT;
  const isCut = node.end - node.start > most;
  const shown = tree.text.slice(node.start, Math.min(node.end, node.start + most)) + (isCut ? "…" : "");
  return (
    <span className={classes.text}>
      {label !== null && (
        <>
          <span className={index === null ? classes.key : classes.index}>{label}</span>
          {": "}
        </>
      )}
      {kind === "string" || kind === "word" ? (
        <>
          <span className={classes.value} data-kind={kind}>
            {shown}
          </span>
          {isCut && <span className={classes.note}> {words.json.characters(node.end - node.start - 2)}</span>}
        </>
      ) : (
        <>
          <span className={classes.note}>{words.json.count[kind](tree.children(node).length)}</span>
          {!isOpen && tree.children(node).length > 0 && (
            <span className={classes.preview} aria-hidden="true">
              {shown}
            </span>
          )}
        </>
      )}
    </span>
  );
}

/**
 * @param {HTMLElement | null} box
 * @param {string} id
 * @returns {HTMLElement | null | undefined}
 */
function rowElement(box, id) {
  return box?.querySelector(`[data-row="${id}"]`);
}

/**
 * @param {HTMLElement} element
 * @returns {boolean} whether somebody marks text in it, which is no click
 */
function selects(element) {
  const selection = window.getSelection();
  return Boolean(selection && !selection.isCollapsed && element.contains(selection.anchorNode));
}
