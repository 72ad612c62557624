import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useRemoveUser, useUsers } from "../../../api/access.js";
import { ConfirmDelete } from "../../../components/ConfirmDelete.jsx";
import { IconAction } from "../../../components/IconAction.jsx";
import { Time } from "../../../components/Time.jsx";
import { words } from "../../../words.js";
import { PartHead } from "../PartHead.jsx";
import { PartList } from "../PartList.jsx";
import { RoleCell } from "../RoleCell.jsx";
import classes from "../Settings.module.css";
import { USERS } from "../ways.js";
import { UserDialog } from "./UserDialog.jsx";

/** @import { Session, User } from "../../../api/types.js" */

const text = words.settings.users;

/**
 * Who may sign in by name: added, changed, removed.
 *
 * @param {object} props
 * @param {Session} props.session
 */
export function UsersPart({ session }) {
  const users = useUsers();
  const remove = useRemoveUser();
  const [open, setOpen] = useState(/** @type {User | "new" | null} */ (null));
  const [removing, setRemoving] = useState(/** @type {User | null} */ (null));
  const name = removing?.name ?? "";
  // As it is now: whoever is told that somebody else was faster goes on from there.
  const changing =
    open === null || open === "new" ? open : (users.data?.find(({ id }) => id === open.id) ?? open);
  const isSelf = removing !== null && removing.id === session.userId;
  return (
    <>
      <PartHead explain={text.explain} add={text.add} onAdd={() => setOpen("new")} />
      <PartList
        part="users"
        query={users}
        ways={USERS}
        head={HEAD}
        row={(user) => (
          <Row
            key={user.id}
            user={user}
            isSelf={user.id === session.userId}
            onEdit={() => setOpen(user)}
            onRemove={() => setRemoving(user)}
          />
        )}
      />
      <UserDialog user={changing} onClose={() => setOpen(null)} />
      <ConfirmDelete
        title={text.remove(name)}
        question={`${text.removeQuestion(name)}${isSelf ? ` ${text.removeSelf}` : ""}`}
        action={text.removeNow}
        failed={text.notRemoved}
        done={text.wasRemoved(name)}
        name={removing?.id ?? ""}
        mutation={remove}
        opened={removing !== null}
        onClose={() => setRemoving(null)}
      />
    </>
  );
}

const HEAD = (
  <>
    <th>{text.name}</th>
    <th>{words.roles.label}</th>
    <th>{text.added}</th>
    <th>{text.lastUsed}</th>
    <th data-figures="true">{words.list.actions}</th>
  </>
);

/**
 * @param {object} props
 * @param {User} props.user
 * @param {boolean} props.isSelf
 * @param {() => void} props.onEdit
 * @param {() => void} props.onRemove
 */
function Row({ user, isSelf, onEdit, onRemove }) {
  const notes = [isSelf && text.you, !user.hasPassword && text.noPassword].filter(Boolean).join(", ");
  return (
    <tr>
      <th scope="row">
        {user.name}
        {notes && <span className={classes.note}>{notes}</span>}
      </th>
      <RoleCell role={user.role} pipelines={user.pipelines} />
      <td className={classes.time}>
        <Time at={user.createdAt} />
      </td>
      <td className={classes.time}>{user.lastUsedAt ? <Time at={user.lastUsedAt} /> : text.never}</td>
      <td data-actions="true">
        <IconAction label={text.edit(user.name)} icon={IconPencil} onClick={onEdit} />
        <IconAction label={text.remove(user.name)} icon={IconTrash} destroys onClick={onRemove} />
      </td>
    </tr>
  );
}
