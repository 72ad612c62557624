import { Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useRevokeToken, useTokens } from "../../../api/access.js";
import { ConfirmDelete } from "../../../components/ConfirmDelete.jsx";
import { Empty } from "../../../components/Empty.jsx";
import { IconAction } from "../../../components/IconAction.jsx";
import { ListTable } from "../../../components/list/ListTable.jsx";
import { QueryView } from "../../../components/QueryView.jsx";
import { Time } from "../../../components/Time.jsx";
import { words } from "../../../words.js";
import { PartHead } from "../PartHead.jsx";
import { RoleCell } from "../RoleCell.jsx";
import classes from "../Settings.module.css";
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
      <QueryView query={tokens} skeleton={<Skeleton height={220} radius={6} />}>
        {(items) => (items.length === 0 ? <Empty text={text.empty} /> : table(items, setRevoking))}
      </QueryView>
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

/**
 * @param {Token[]} tokens
 * @param {(token: Token) => void} onRevoke
 */
function table(tokens, onRevoke) {
  return (
    <ListTable
      label={words.settings.parts.tokens}
      head={
        <>
          <th>{text.name}</th>
          <th>{words.roles.label}</th>
          <th>{text.made}</th>
          <th>{text.lastUsed}</th>
          <th>{text.expires}</th>
          <th data-figures="true">{words.list.actions}</th>
        </>
      }
    >
      {tokens.map((token) => (
        <tr key={token.id}>
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
              onClick={() => onRevoke(token)}
            />
          </td>
        </tr>
      ))}
    </ListTable>
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
