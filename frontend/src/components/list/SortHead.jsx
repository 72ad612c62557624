import { UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react";
import { sortWord } from "./ListTools.jsx";
import classes from "./SortHead.module.css";

/**
 * The head of a table's column that orders the list when it is pressed.
 *
 * @param {object} props
 * @param {import("./useList.js").List<any>} props.list
 * @param {string} props.sort a key of the list's sorts
 * @param {boolean} [props.figures] whether the column holds figures, which stand at the right
 */
export function SortHead({ list, sort, figures = false }) {
  const isSorted = list.sort === sort;
  const Icon = !isSorted ? IconArrowsSort : list.descending ? IconArrowDown : IconArrowUp;
  return (
    <th aria-sort={isSorted ? (list.descending ? "descending" : "ascending") : "none"} data-figures={figures}>
      <UnstyledButton
        className={classes.button}
        data-sorted={isSorted}
        data-figures={figures}
        onClick={() => list.sortBy(sort)}
      >
        {sortWord(sort)}
        <Icon size={14} stroke={1.9} className={classes.icon} aria-hidden="true" />
      </UnstyledButton>
    </th>
  );
}
