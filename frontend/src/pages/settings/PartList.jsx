import { Skeleton } from "@mantine/core";
import { Empty } from "../../components/Empty.jsx";
import { ListTable } from "../../components/list/ListTable.jsx";
import { ListTools } from "../../components/list/ListTools.jsx";
import { NothingFound } from "../../components/list/NothingFound.jsx";
import { useList } from "../../components/list/useList.js";
import { QueryView } from "../../components/QueryView.jsx";
import { words } from "../../words.js";

/**
 * What a part of the page lists, searched and ordered, or what stands in its place.
 *
 * @template T
 * @param {object} props
 * @param {"tokens" | "users" | "sessions"} props.part
 * @param {import("@tanstack/react-query").UseQueryResult<T[]>} props.query
 * @param {import("../../components/list/useList.js").Ways<T>} props.ways
 * @param {React.ReactNode} props.head the cells of the head row
 * @param {(item: T) => React.ReactNode} props.row
 */
export function PartList({ part, query, ways, head, row }) {
  const list = useList(part, query.data, ways);
  const text = words.settings[part];
  return (
    <>
      <ListTools list={list} label={text.search} count={list.count(text.count)} withTable={false} />
      <QueryView query={query} skeleton={<Skeleton height={220} radius={6} />}>
        {(items) =>
          items.length === 0 ? (
            <Empty text={text.empty} />
          ) : list.shown.length === 0 ? (
            <NothingFound list={list} />
          ) : (
            <ListTable label={words.settings.parts[part]} head={head}>
              {list.shown.map(row)}
            </ListTable>
          )
        }
      </QueryView>
    </>
  );
}
