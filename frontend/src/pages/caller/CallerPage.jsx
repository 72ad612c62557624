import { Stack, Text, Title } from "@mantine/core";
import { useId } from "react";
import { Link } from "wouter";
import { usePathname } from "wouter/use-browser-location";
import { useSession } from "../../api/session.js";
import { Empty } from "../../components/Empty.jsx";
import { Page } from "../../components/Page.jsx";
import { nameIn, pipelineLink } from "../../lib/links.js";
import { words } from "../../words.js";
import { AccountPart } from "../settings/account/AccountPart.jsx";
import { Callable } from "./Callable.jsx";
import classes from "./Caller.module.css";

const text = words.caller;

/** All that role PREDICT has: the pipelines that it may call, each to try, and one's own account. */
export default function CallerPage() {
  const session = useSession().data;
  const id = useId();
  // A pipeline's usual address shows it here, too.
  const asked = nameIn(usePathname());
  if (!session) return null;
  const names = session.pipelines ?? [];
  const shown = names.find((name) => name === asked) ?? names[0];
  return (
    <Page title={text.title} count={text.count(names.length)}>
      <Stack gap={28}>
        {shown === undefined ? (
          <Empty text={text.none} />
        ) : (
          <>
            <Text c="dimmed" size="sm">
              {text.explain}
            </Text>
            <nav aria-label={text.label} className={classes.names}>
              {names.map((name) => (
                <Link
                  key={name}
                  href={pipelineLink(name)}
                  className={classes.name}
                  aria-current={name === shown ? "page" : undefined}
                >
                  {name}
                </Link>
              ))}
            </nav>
            <Callable key={shown} name={shown} />
          </>
        )}
        <section aria-labelledby={id}>
          <Title order={2} size="h4" id={id} mb="sm">
            {text.account}
          </Title>
          <AccountPart session={session} />
        </section>
      </Stack>
    </Page>
  );
}
