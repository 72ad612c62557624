import { NativeSelect, SegmentedControl, VisuallyHidden } from "@mantine/core";
import { IconLayoutGrid, IconSortAscending, IconSortDescending, IconTable } from "@tabler/icons-react";
import { words } from "../../words.js";
import { IconAction } from "../IconAction.jsx";
import classes from "./ListTools.module.css";
import { SearchField } from "./SearchField.jsx";
import { ToolLine } from "./ToolLine.jsx";

/** @typedef {import("./useList.js").List<any>} AnyList */

const text = words.list;

/**
 * The line above a list: search, order, and cards or a table. Nothing where there is nothing to choose from.
 *
 * @param {object} props
 * @param {AnyList} props.list
 * @param {string} props.label what the search is called, e.g. `Search pipelines`
 * @param {string | undefined} props.count what the header says, for those who can't see it change
 * @param {boolean} [props.withTable] whether there is a table to switch to
 * @param {React.ReactNode} [props.children] what else belongs there, e.g. a button that adds something while the add card is away
 */
export function ListTools({ list, label, count, withTable = true, children }) {
  if (!list.query && list.view === "cards" && (list.total ?? 0) < 2) return null;
  return (
    <ToolLine>
      <SearchField label={label} value={list.query} onChange={(query) => list.change({ query })} />
      <div className={classes.order}>
        <NativeSelect
          aria-label={text.sortBy}
          data={list.sorts.map((value) => ({ value, label: sortWord(value) }))}
          value={list.sort}
          onChange={(event) => list.sortBy(event.currentTarget.value)}
        />
        <IconAction
          label={text.order(list.descending)}
          icon={list.descending ? IconSortDescending : IconSortAscending}
          onClick={() => list.change({ descending: !list.descending })}
        />
      </div>
      {withTable && (
        <SegmentedControl
          aria-label={text.view}
          size="xs"
          className={classes.views}
          value={list.view}
          onChange={(view) => list.change({ view: view === "table" ? "table" : "cards" })}
          data={[
            { value: "cards", label: <ViewLabel icon={IconLayoutGrid} name={text.views.cards} /> },
            { value: "table", label: <ViewLabel icon={IconTable} name={text.views.table} /> },
          ]}
        />
      )}
      {children}
      <VisuallyHidden role="status">{list.searched && count}</VisuallyHidden>
    </ToolLine>
  );
}

/**
 * @param {object} props
 * @param {React.ComponentType<any>} props.icon
 * @param {string} props.name
 */
function ViewLabel({ icon: Icon, name }) {
  return (
    <span className={classes.view}>
      <Icon size={16} stroke={1.7} aria-hidden="true" />
      {name}
    </span>
  );
}

/**
 * @param {string} sort
 * @returns {string}
 */
export function sortWord(sort) {
  return /** @type {Record<string, string>} */ (text.sorts)[sort] ?? sort;
}
