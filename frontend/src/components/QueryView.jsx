import { Button } from "@mantine/core";
import { isAway } from "../api/errors.js";
import { words } from "../words.js";
import { ErrorState } from "./ErrorState.jsx";
import { Notice } from "./Notice.jsx";

/**
 * What a question to the server has answered, or why not: a skeleton while it loads, the error with a way to try
 * again, the last answer with a warning where a newer one was refused (that nobody answers says the header).
 *
 * @template T
 * @param {object} props
 * @param {import("@tanstack/react-query").UseQueryResult<T>} props.query
 * @param {React.ReactNode} props.skeleton
 * @param {(data: T) => React.ReactNode} props.children
 */
export function QueryView({ query, skeleton, children }) {
  if (query.isPending) return skeleton;
  if (query.data === undefined) return <ErrorState error={query.error} onRetry={() => query.refetch()} />;
  return (
    <>
      {query.isError && !isAway(query.error) && (
        <Notice
          tone="warning"
          mb="md"
          action={
            <Button size="compact-sm" variant="default" onClick={() => query.refetch()}>
              {words.common.retry}
            </Button>
          }
        >
          {words.errors.stale}
        </Notice>
      )}
      {children(query.data)}
    </>
  );
}
