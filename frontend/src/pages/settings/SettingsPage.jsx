import { Tabs } from "@mantine/core";
import { useLocation, useParams } from "wouter";
import { useSession } from "../../api/session.js";
import { NotAllowed } from "../../components/NotAllowed.jsx";
import { Page } from "../../components/Page.jsx";
import { words } from "../../words.js";
import { NotFoundPage } from "../NotFoundPage.jsx";
import { AccountPart } from "./account/AccountPart.jsx";
import classes from "./Settings.module.css";
import { ServerPart } from "./server/ServerPart.jsx";
import { SessionsPart } from "./sessions/SessionsPart.jsx";
import { TokensPart } from "./tokens/TokensPart.jsx";
import { UsersPart } from "./users/UsersPart.jsx";

const text = words.settings;
/** In the order of the tabs; the first one is where one lands. */
const PARTS = /** @type {const} */ (["account", "tokens", "users", "sessions", "server"]);
/** What shows who may do what. */
const FOR_ADMINISTRATORS = /** @type {readonly string[]} */ (["tokens", "users", "sessions"]);
const PANELS = {
  account: AccountPart,
  tokens: TokensPart,
  users: UsersPart,
  sessions: SessionsPart,
  server: ServerPart,
};

/** Who may do what on this server, one's own account, and what the server runs with; each at an address of its own. */
export default function SettingsPage() {
  const [, navigate] = useLocation();
  const { part: asked = PARTS[0] } = useParams();
  const session = useSession().data;
  const shown = PARTS.find((part) => part === asked);
  if (!session) return null;
  if (!shown) return <NotFoundPage />;
  const mayAll = session.role === "ADMIN";
  const parts = PARTS.filter((part) => mayAll || !FOR_ADMINISTRATORS.includes(part));
  return (
    <Page title={text.title}>
      <Tabs
        value={shown}
        onChange={(part) => part && navigate(`/settings/${part}`, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List aria-label={text.partsLabel} className={classes.parts} mb="lg">
          {parts.map((part) => (
            <Tabs.Tab key={part} value={part} className={classes.part}>
              {text.parts[part]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {parts.map((part) => {
          const Part = PANELS[part];
          return (
            <Tabs.Panel key={part} value={part}>
              <Part session={session} />
            </Tabs.Panel>
          );
        })}
      </Tabs>
      {!parts.includes(shown) && <NotAllowed role={session.role} />}
    </Page>
  );
}
