import { useDeferredValue, useMemo, useState } from "react";
import { words } from "../../words.js";
import { JsonSearch } from "./JsonSearch.jsx";
import { JsonTreeView } from "./JsonTreeView.jsx";
import classes from "./JsonView.module.css";
import { idsTo, openAtFirst, rowsOf } from "./rows.js";

/** @import { JsonTree } from "../../lib/jsonTree.js" */

/** @type {ReadonlyMap<string, boolean>} */
const NONE_TURNED = new Map();

/**
 * JSON as a tree with a search.
 *
 * @param {object} props
 * @param {JsonTree} props.tree
 * @param {string} props.label of the tree
 */
export function JsonView({ tree, label }) {
  const first = useMemo(() => openAtFirst(tree), [tree]);
  // What somebody opened or shut; the rest is as at first. Belongs to one tree: another begins anew by its key.
  const [turned, setTurned] = useState(NONE_TURNED);
  const [current, setCurrent] = useState("");
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(query);
  const matches = useMemo(() => tree.search(wanted), [tree, wanted]);
  const way = useMemo(
    () => (matches.length > 0 ? idsTo(tree, matches[Math.min(at, matches.length - 1)]) : []),
    [tree, matches, at],
  );
  const found = way.at(-1) ?? null;

  const rows = useMemo(() => {
    const open = new Set(first);
    for (const [id, isOpen] of turned) {
      if (isOpen) open.add(id);
      else open.delete(id);
    }
    for (const id of way.slice(0, -1)) open.add(id);
    return rowsOf(tree, open);
  }, [tree, first, turned, way]);

  const search = (/** @type {string} */ next) => {
    // What the last search opened stays open when it ends.
    if (!next) setTurned((before) => withOpen(before, way.slice(0, -1)));
    setQuery(next);
    setAt(0);
  };

  return (
    <div>
      <div className={classes.tools}>
        <JsonSearch value={query} onChange={search} count={matches.length} at={at} onGo={setAt} />
      </div>
      <JsonTreeView
        label={label}
        tree={tree}
        rows={rows}
        current={current}
        found={found}
        onMove={setCurrent}
        onOpen={(id, isOpen) => setTurned((before) => new Map(before).set(id, isOpen))}
      />
      <p className={classes.hint}>{words.json.keys}</p>
    </div>
  );
}

/**
 * @param {ReadonlyMap<string, boolean>} turned
 * @param {string[]} ids
 * @returns {ReadonlyMap<string, boolean>}
 */
function withOpen(turned, ids) {
  const next = new Map(turned);
  for (const id of ids) next.set(id, true);
  return next;
}
