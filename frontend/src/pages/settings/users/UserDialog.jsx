import { Button, Group, Modal, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useEffect, useState } from "react";
import { useAddUser, useChangeUser } from "../../../api/access.js";
import { ApiError } from "../../../api/errors.js";
import { Failure } from "../../../components/Failure.jsx";
import { words } from "../../../words.js";
import { checkPipelines, grantOf, RoleFields } from "../RoleFields.jsx";

/** @import { Role, User, UserChanges } from "../../../api/types.js" */

const text = words.settings.users;
const ROLES = /** @type {const} */ (["PREDICT", "READ", "ADMIN"]);

/**
 * The modal that adds a user, or changes one.
 *
 * @param {object} props
 * @param {User | "new" | null} props.user null where it is closed
 * @param {() => void} props.onClose
 */
export function UserDialog({ user, onClose }) {
  const title = user === "new" || user === null ? text.addTitle : text.edit(user.name);
  return (
    <Modal opened={user !== null} onClose={onClose} title={title} closeOnClickOutside={false}>
      {user === "new" && <AddForm onClose={onClose} />}
      {user !== null && user !== "new" && <ChangeForm user={user} onClose={onClose} />}
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {() => void} props.onClose
 */
function AddForm({ onClose }) {
  const add = useAddUser();
  const form = useForm({
    initialValues: valuesOf(null),
    validate: {
      name: checkName,
      password: (password) => (password ? null : text.passwordMissing),
      pipelines: checkPipelines,
    },
  });
  return (
    <Fields
      form={form}
      mutation={add}
      failed={text.notAdded}
      submit={text.add}
      onClose={onClose}
      onSubmit={form.onSubmit((values) =>
        add.mutate(
          { name: values.name.trim(), password: values.password, ...grantOf(values) },
          {
            onSuccess: ({ name }) => {
              onClose();
              notifications.show({ message: text.wasAdded(name) });
            },
            onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
          },
        ),
      )}
    />
  );
}

/**
 * @param {object} props
 * @param {User} props.user
 * @param {() => void} props.onClose
 */
function ChangeForm({ user, onClose }) {
  const change = useChangeUser();
  const [base, setBase] = useState(user);
  const form = useForm({
    initialValues: valuesOf(user),
    validate: { name: checkName, pipelines: checkPipelines },
  });
  useEffect(() => {
    if (user.revision === base.revision || change.isPending) return;
    // Somebody else was faster: theirs shows, with what was changed here on top of it.
    form.setValues({ ...valuesOf(user), ...changedIn(form.values, valuesOf(base)) });
    setBase(user);
  });
  return (
    <Fields
      form={form}
      mutation={change}
      failed={text.notSaved}
      submit={text.save}
      isNew={false}
      onClose={onClose}
      onSubmit={form.onSubmit((values) =>
        change.mutate(
          { user: base, changes: changesOf(base, values) },
          {
            onSuccess: ({ name }) => {
              onClose();
              notifications.show({ message: text.wasChanged(name) });
            },
            onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
          },
        ),
      )}
    />
  );
}

/**
 * @param {object} props
 * @param {import("@mantine/form").UseFormReturnType<Values>} props.form
 * @param {import("@tanstack/react-query").UseMutationResult<any, Error, any>} props.mutation
 * @param {string} props.failed
 * @param {string} props.submit the button's label
 * @param {boolean} [props.isNew]
 * @param {(event: React.FormEvent<HTMLFormElement>) => void} props.onSubmit
 * @param {() => void} props.onClose
 */
function Fields({ form, mutation: { error, isPending }, failed, submit, isNew = true, onSubmit, onClose }) {
  const isBesideAField = error instanceof ApiError && Object.keys(error.fields).length > 0;
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <TextInput label={text.name} withAsterisk required data-autofocus {...form.getInputProps("name")} />
        <PasswordInput
          label={isNew ? text.password : text.newPassword}
          description={isNew ? text.passwordHint : text.newPasswordHint}
          withAsterisk={isNew}
          required={isNew}
          autoComplete="new-password"
          {...form.getInputProps("password")}
        />
        <RoleFields roles={ROLES} form={form} />
        {error && !isBesideAField && <Failure error={error} title={failed} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.common.cancel}
          </Button>
          <Button type="submit" loading={isPending}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/**
 * @typedef {{name: string, password: string, role: Role, pipelines: string[]}} Values
 *
 * @param {User | null} user
 * @returns {Values}
 */
function valuesOf(user) {
  return {
    name: user?.name ?? "",
    password: "",
    role: user?.role ?? "READ",
    pipelines: user?.pipelines ?? [],
  };
}

/**
 * @param {User} user
 * @param {Values} values
 * @returns {UserChanges} what differs
 */
function changesOf(user, values) {
  const { role, pipelines = null } = grantOf(values);
  return {
    ...(values.name.trim() !== user.name && { name: values.name.trim() }),
    ...(values.password && { password: values.password }),
    ...(role !== user.role && { role }),
    ...(JSON.stringify(pipelines) !== JSON.stringify(user.pipelines) && { pipelines }),
  };
}

/**
 * @param {Values} values
 * @param {Values} before
 * @returns {Partial<Values>} what differs
 */
function changedIn(values, before) {
  const differing = Object.entries(values).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[/** @type {"name"} */ (field)]),
  );
  return Object.fromEntries(differing);
}

/** @param {string} name */
function checkName(name) {
  return name.trim() ? null : text.nameMissing;
}
