import { Skeleton, Stack } from "@mantine/core";
import { useRef } from "react";
import { Redirect, useSearch } from "wouter";
import { Page } from "./Page.jsx";
import { QueryView } from "./QueryView.jsx";

/**
 * The page of the one thing that an address names, taken out of the list of all, which is kept up to date: so nothing
 * is asked about what isn't there any more. One that got another name meanwhile is where one is led.
 *
 * @template {{id: string, name: string}} T
 * @param {object} props
 * @param {string} props.name
 * @param {import("@tanstack/react-query").UseQueryResult<T[]>} props.query all of them
 * @param {(name: string) => string} props.link the address of one
 * @param {readonly number[]} props.skeleton heights of what stands there while they are loading
 * @param {(known: T | undefined) => React.ReactNode} props.gone in its place, given how it was last seen here
 * @param {(item: T, items: T[]) => React.ReactNode} props.children
 * @param {React.ReactNode} props.dialogs
 */
export function ItemPage({ name, query, link, skeleton, gone, children, dialogs }) {
  const known = useRef(/** @type {T | undefined} */ (undefined));
  const search = useSearch();
  const found = query.data && findByName(query.data, name);
  if (found) known.current = found;
  const show = (/** @type {T[]} */ items) => {
    if (found) return children(found, items);
    const renamed = items.find(({ id }) => id === known.current?.id);
    return renamed ? (
      <Redirect to={`${link(renamed.name)}${search && `?${search}`}`} replace />
    ) : (
      gone(known.current)
    );
  };
  return (
    <Page title={found?.name ?? name}>
      <QueryView query={query} skeleton={<PageSkeleton heights={skeleton} />}>
        {show}
      </QueryView>
      {dialogs}
    </Page>
  );
}

/**
 * @template {{name: string}} T
 * @param {T[]} items
 * @param {string} name
 * @returns {T | undefined} names that differ by case only are the same
 */
function findByName(items, name) {
  const folded = name.normalize("NFC").toLowerCase();
  return items.find((item) => item.name === name) ?? items.find((item) => item.name.toLowerCase() === folded);
}

/**
 * @param {object} props
 * @param {readonly number[]} props.heights
 */
function PageSkeleton({ heights }) {
  return (
    <Stack aria-hidden="true">
      <Skeleton height={28} width={240} />
      {heights.map((height) => (
        <Skeleton key={height} height={height} />
      ))}
    </Stack>
  );
}
