import { Button, Center, Skeleton, Text, VisuallyHidden } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useAudit } from "../../api/audit.js";
import { useSession } from "../../api/session.js";
import { Empty } from "../../components/Empty.jsx";
import { ListTable } from "../../components/list/ListTable.jsx";
import { NotAllowed } from "../../components/NotAllowed.jsx";
import { Page } from "../../components/Page.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { words } from "../../words.js";
import { AuditTools } from "./AuditTools.jsx";
import { EntryRow } from "./EntryRow.jsx";
import { useFilter } from "./useFilter.js";
import { useSubjectLink } from "./useSubjectLink.js";

const text = words.audit;
const TYPING_MS = 250;

/** Who changed what, and when. */
export default function AuditPage() {
  const session = useSession().data;
  if (!session) return null;
  return (
    <Page title={text.title}>{session.role === "ADMIN" ? <Log /> : <NotAllowed role={session.role} />}</Page>
  );
}

function Log() {
  const [filter, change] = useFilter();
  const [q] = useDebouncedValue(filter.q, TYPING_MS);
  const asked = { ...filter, q: filter.q && q };
  const audit = useAudit(asked);
  const linkOf = useSubjectLink();
  return (
    <>
      <AuditTools filter={filter} change={change} />
      <QueryView query={audit} skeleton={<Skeleton height={320} radius={6} />}>
        {({ pages }) => {
          const entries = pages.flatMap(({ items }) => items);
          if (entries.length === 0) {
            const isFiltered = Object.values(asked).some(Boolean);
            return <Empty text={isFiltered ? text.nothingFound : text.nothing} />;
          }
          return (
            <>
              <ListTable label={text.title} head={<Head />}>
                {entries.map((entry) => (
                  <EntryRow
                    key={entry.id}
                    entry={entry}
                    link={linkOf(entry.subject)}
                    onActor={(actor) => change({ actor })}
                  />
                ))}
              </ListTable>
              <Center mt="md">
                {audit.hasNextPage ? (
                  <Button
                    variant="default"
                    loading={audit.isFetchingNextPage}
                    onClick={() => audit.fetchNextPage()}
                  >
                    {text.older}
                  </Button>
                ) : (
                  <Text size="sm" c="var(--quiet)">
                    {text.end}
                  </Text>
                )}
              </Center>
            </>
          );
        }}
      </QueryView>
    </>
  );
}

function Head() {
  return (
    <>
      <th scope="col" data-actions="true">
        <VisuallyHidden>{text.details}</VisuallyHidden>
      </th>
      <th scope="col">{text.what}</th>
      <th scope="col">{text.who}</th>
      <th scope="col">{text.when}</th>
    </>
  );
}
