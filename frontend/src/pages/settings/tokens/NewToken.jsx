import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useMakeToken } from "../../../api/access.js";
import { ApiError } from "../../../api/errors.js";
import { Failure } from "../../../components/Failure.jsx";
import { words } from "../../../words.js";
import { checkPipelines, grantOf, RoleFields } from "../RoleFields.jsx";
import { EXPIRIES, expiresAt, today } from "./expiry.js";
import { Secret } from "./Secret.jsx";

/** @import { Role, Token } from "../../../api/types.js" */

const text = words.settings.tokens;
const ROLES = /** @type {const} */ (["PREDICT", "READ", "ADMIN", "METRICS"]);

/**
 * The modal that makes a token and shows its secret, once; only `Done` closes it then.
 *
 * @param {object} props
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function NewToken({ opened, onClose }) {
  const [made, setMade] = useState(/** @type {(Token & {secret: string}) | null} */ (null));
  const close = () => {
    onClose();
    setMade(null);
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={made ? text.madeTitle(made.name) : text.add}
      closeOnClickOutside={false}
      closeOnEscape={!made}
      withCloseButton={!made}
    >
      {made ? <Secret secret={made.secret} onDone={close} /> : <Form onMade={setMade} onClose={close} />}
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {(token: Token & {secret: string}) => void} props.onMade
 * @param {() => void} props.onClose
 */
function Form({ onMade, onClose }) {
  const make = useMakeToken();
  const form = useForm({
    initialValues: {
      name: "",
      role: /** @type {Role} */ ("PREDICT"),
      pipelines: /** @type {string[]} */ ([]),
      expiry: /** @type {typeof EXPIRIES[number]} */ ("never"),
      day: "",
    },
    validate: {
      name: (name) => (name.trim() ? null : text.nameMissing),
      pipelines: checkPipelines,
      day: (day, { expiry }) => (expiry === "day" && !day ? text.dayMissing : null),
    },
  });
  const { error } = make;
  const fields = error instanceof ApiError ? error.fields : {};
  const submit = form.onSubmit((values) =>
    make.mutate(
      { name: values.name.trim(), ...grantOf(values), expiresAt: expiresAt(values.expiry, values.day) },
      {
        onSuccess: onMade,
        onError: (refusal) =>
          refusal instanceof ApiError &&
          form.setErrors({ ...refusal.fields, [dayOrExpiry(values.expiry)]: refusal.fields.expiresAt }),
      },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={text.name}
          description={text.nameHint}
          withAsterisk
          required
          data-autofocus
          {...form.getInputProps("name")}
        />
        <RoleFields roles={ROLES} form={form} />
        <Select
          label={text.expiry}
          data={EXPIRIES.map((value) => ({ value, label: text.expiries[value] }))}
          allowDeselect={false}
          {...form.getInputProps("expiry")}
        />
        {form.values.expiry === "day" && (
          <TextInput type="date" label={text.day} min={today()} {...form.getInputProps("day")} />
        )}
        {error && Object.keys(fields).length === 0 && <Failure error={error} title={text.notMade} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.common.cancel}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {text.make}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** @param {typeof EXPIRIES[number]} expiry */
function dayOrExpiry(expiry) {
  return expiry === "day" ? "day" : "expiry";
}
