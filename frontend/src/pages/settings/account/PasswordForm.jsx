import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { ApiError } from "../../../api/errors.js";
import { useChangePassword, useSession } from "../../../api/session.js";
import { Failure } from "../../../components/Failure.jsx";
import { words } from "../../../words.js";

const text = words.settings.account;

/** Changes one's own password. */
export function PasswordForm() {
  const change = useChangePassword();
  const name = useSession().data?.name;
  const form = useForm({
    initialValues: { current: "", new: "" },
    validate: {
      current: (current) => (current ? null : text.currentMissing),
      new: (next) => (next ? null : text.nextMissing),
    },
  });
  const { error } = change;
  const isBesideAField = error instanceof ApiError && Object.keys(error.fields).length > 0;
  const submit = form.onSubmit((passwords) =>
    change.mutate(passwords, {
      onSuccess: () => {
        form.reset();
        notifications.show({ message: text.changed });
      },
      onError: (refusal) => refusal instanceof ApiError && form.setErrors(refusal.fields),
    }),
  );
  return (
    <form onSubmit={submit} noValidate aria-label={text.password}>
      <Stack gap="sm">
        {/* Tells the browser's password manager whose password it is. */}
        <input type="hidden" name="username" autoComplete="username" value={name ?? ""} />
        <PasswordInput
          label={text.current}
          autoComplete="current-password"
          {...form.getInputProps("current")}
        />
        <PasswordInput label={text.next} autoComplete="new-password" {...form.getInputProps("new")} />
        {error && !isBesideAField && <Failure error={error} title={text.notChanged} />}
        <Group justify="flex-end">
          <Button type="submit" loading={change.isPending}>
            {text.submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
