import { IconLogout } from "@tabler/icons-react";
import { useState } from "react";
import { useEndSession, useOpenSessions } from "../../../api/access.js";
import { ConfirmDelete } from "../../../components/ConfirmDelete.jsx";
import { IconAction } from "../../../components/IconAction.jsx";
import { Time } from "../../../components/Time.jsx";
import { formatExact } from "../../../lib/format.js";
import { words } from "../../../words.js";
import { PartHead } from "../PartHead.jsx";
import { PartList } from "../PartList.jsx";
import { RoleCell } from "../RoleCell.jsx";
import classes from "../Settings.module.css";
import { SESSIONS } from "../ways.js";

/** @import { OpenSession } from "../../../api/types.js" */

const text = words.settings.sessions;

/** Who is signed in with which browser; each can be signed out. */
export function SessionsPart() {
  const sessions = useOpenSessions();
  const end = useEndSession();
  const [ending, setEnding] = useState(/** @type {OpenSession | null} */ (null));
  const name = ending?.name ?? "";
  return (
    <>
      <PartHead explain={text.explain} />
      <PartList
        part="sessions"
        query={sessions}
        ways={SESSIONS}
        head={HEAD}
        row={(session) => <Row key={session.id} session={session} onEnd={() => setEnding(session)} />}
      />
      <ConfirmDelete
        title={text.endTitle(name)}
        question={ending?.current ? text.endOwn : text.endQuestion(name)}
        action={text.endNow}
        failed={text.notEnded}
        done={text.wasEnded(name)}
        name={ending?.id ?? ""}
        mutation={end}
        opened={ending !== null}
        onClose={() => setEnding(null)}
      />
    </>
  );
}

const HEAD = (
  <>
    <th>{text.who}</th>
    <th>{words.roles.label}</th>
    <th>{text.by}</th>
    <th>{text.since}</th>
    <th>{text.until}</th>
    <th data-figures="true">{words.list.actions}</th>
  </>
);

/**
 * @param {object} props
 * @param {OpenSession} props.session
 * @param {() => void} props.onEnd
 */
function Row({ session, onEnd }) {
  return (
    <tr>
      <th scope="row">
        {session.name}
        {session.current && <span className={classes.note}>{text.current}</span>}
      </th>
      <RoleCell role={session.role} />
      <td className={classes.way}>{words.settings.account.ways[session.by]}</td>
      <td className={classes.time}>
        <Time at={session.createdAt} />
      </td>
      <td className={classes.time}>
        <Time at={session.expiresAt} />
      </td>
      <td data-actions="true">
        <IconAction
          label={text.end(session.name, formatExact(session.createdAt))}
          hint={text.endHint}
          icon={IconLogout}
          destroys
          onClick={onEnd}
        />
      </td>
    </tr>
  );
}
