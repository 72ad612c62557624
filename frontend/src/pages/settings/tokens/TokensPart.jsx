import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useRevokeToken, useTokens } from "../../../api/access.js";
import { ConfirmDelete } from "../../../components/ConfirmDelete.jsx";
import { IconAction } from "../../../components/IconAction.jsx";
import { Time } from "../../../components/Time.jsx";
import { words } from "../../../words.js";
import { PartHead } from "../PartHead.jsx";
import { PartList } from "../PartList.jsx";
import { RoleCell } from "../RoleCell.jsx";
import classes from "../Settings.module.css";
import { TOKENS } from "../ways.js";
import { NewToken } from "./NewToken.jsx";

/** @import { Token } from "../../../api/types.js" */

const text = words.settings.tokens;

/** The tokens of programs: made, looked at, revoked. */
export function TokensPart() {
  const tokens = useTokens();
  const revoke = useRevokeToken();
  const [making, make] = useDisclosure(false);
  const [revoking, setRevoking] = useState(/** @type {Token | null} */ (null));
  return (
    <>
      <PartHead explain={text.explain} add={text.add} onAdd={make.open} />
      <PartList
        part="tokens"
        query={tokens}
        ways={TOKENS}
        head={HEAD}
        row={(token) => <Row key={token.id} token={token} onRevoke={() => setRevoking(token)} />}
      />
      <NewToken opened={making} onClose={make.close} />
      <ConfirmDelete
        title={text.revoke(revoking?.name ?? "")}
        question={text.revokeQuestion(revoking?.name ?? "")}
        action={text.revokeNow}
        failed={text.notRevoked}
        done={text.wasRevoked(revoking?.name ?? "")}
        name={revoking?.id ?? ""}
        mutation={revoke}
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
      />
    </>
  );
}

const HEAD = (
  <>
    <th>{text.name}</th>
    <th>{words.roles.label}</th>
    <th>{text.made}</th>
    <th>{text.lastUsed}</th>
    <th>{text.expires}</th>
    <th data-figures="true">{words.list.actions}</th>
  </>
);

/**
 * @param {object} props
 * @param {Token} props.token
 * @param {() => void} props.onRevoke
 */
function Row({ token, onRevoke }) {
  return (
    <tr>
      <th scope="row">{token.name}</th>
      <RoleCell role={token.role} pipelines={token.pipelines} />
      <td className={classes.time}>
        <Time at={token.createdAt} />
      </td>
      <td className={classes.time}>{token.lastUsedAt ? <Time at={token.lastUsedAt} /> : text.notUsed}</td>
      <td className={classes.time}>
        <Expiry at={token.expiresAt} />
      </td>
      <td data-actions="true">
        <IconAction
          label={text.revoke(token.name)}
          hint={text.revokeNow}
          icon={IconTrash}
          destroys
          onClick={onRevoke}
        />
      </td>
    </tr>
  );
}

/**
 * When a token ends, or that it has.
 *
 * @param {object} props
 * @param {string | null} props.at
 */
function Expiry({ at }) {
  if (at === null) return text.never;
  const isOver = new Date(at) <= new Date();
  return (
    <>
      {isOver && <span className={classes.expired}>{text.expired} </span>}
      <Time at={at} />
    </>
  );
}
