import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useId, useState } from "react";
import { ApiError } from "../../../api/errors.js";
import { useRemoveSecret, useSecrets, useSetSecret } from "../../../api/secrets.js";
import { ConfirmDelete } from "../../../components/ConfirmDelete.jsx";
import { Failure } from "../../../components/Failure.jsx";
import { FormSkeleton } from "../../../components/FormSkeleton.jsx";
import { IconAction } from "../../../components/IconAction.jsx";
import { QueryView } from "../../../components/QueryView.jsx";
import { Time } from "../../../components/Time.jsx";
import { words } from "../../../words.js";
import classes from "./Secrets.module.css";

const text = words.pipelinePage.secrets;

/**
 * Which secrets the pipeline's scripts are given, by name: set, replaced, removed, never read.
 *
 * @param {object} props
 * @param {string} props.pipeline its name
 * @param {boolean} props.mayChange
 */
export function Secrets({ pipeline, mayChange }) {
  const id = useId();
  const secrets = useSecrets(pipeline);
  const remove = useRemoveSecret(pipeline);
  const [removing, setRemoving] = useState("");
  const [setting, setSetting] = useState(/** @type {string | null} */ (null));
  return (
    <section aria-labelledby={id} className={classes.secrets}>
      <h2 id={id} className={classes.title}>
        {text.title}
      </h2>
      <Text size="xs" c="dimmed">
        {text.hint}
      </Text>
      <QueryView query={secrets} skeleton={<FormSkeleton />}>
        {(items) =>
          items.length === 0 ? (
            <Text size="sm">{text.none}</Text>
          ) : (
            <ul className={classes.list} aria-label={text.list}>
              {items.map(({ name, setAt }) => (
                <li key={name} className={classes.secret}>
                  <div className={classes.names}>
                    <code className={classes.name}>{name}</code>
                    <span className={classes.note}>
                      {text.set} <Time at={setAt} />
                    </span>
                  </div>
                  {mayChange && (
                    <>
                      <IconAction
                        label={text.replace(name)}
                        icon={IconPencil}
                        onClick={() => setSetting(name)}
                      />
                      <IconAction
                        label={text.remove(name)}
                        icon={IconTrash}
                        destroys
                        onClick={() => setRemoving(name)}
                      />
                    </>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
      {mayChange && (
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={15} aria-hidden="true" />}
            onClick={() => setSetting("")}
          >
            {text.add}
          </Button>
        </div>
      )}
      <Modal
        opened={setting !== null}
        onClose={() => setSetting(null)}
        title={setting ? text.replace(setting) : text.add}
        closeOnClickOutside={false}
      >
        {setting !== null && (
          <SecretForm pipeline={pipeline} known={setting} onClose={() => setSetting(null)} />
        )}
      </Modal>
      <ConfirmDelete
        title={text.remove(removing)}
        question={text.removeQuestion(removing)}
        action={text.removeNow}
        failed={text.notRemoved}
        done={text.wasRemoved(removing)}
        name={removing}
        mutation={remove}
        opened={removing !== ""}
        onClose={() => setRemoving("")}
      />
    </section>
  );
}

/**
 * @param {object} props
 * @param {string} props.pipeline
 * @param {string} props.known the secret that gets another value; empty for a new one
 * @param {() => void} props.onClose
 */
function SecretForm({ pipeline, known, onClose }) {
  const set = useSetSecret(pipeline);
  const [name, setName] = useState(known);
  const [value, setValue] = useState("");
  const [wasTried, setTried] = useState(false);
  const { error } = set;
  const fields = error instanceof ApiError ? error.fields : {};
  const submit = (/** @type {React.FormEvent} */ event) => {
    event.preventDefault();
    setTried(true);
    if (!name.trim() || !value) return;
    set.mutate(
      { name: name.trim(), value },
      {
        onSuccess: () => {
          onClose();
          notifications.show({ message: text.wasSet(name.trim()) });
        },
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {!known && (
          <TextInput
            label={text.name}
            placeholder={words.pipelinePage.variables.namePlaceholder}
            withAsterisk
            required
            data-autofocus
            spellCheck={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={(wasTried && !name.trim() && text.nameMissing) || fields.name || fields.secret}
          />
        )}
        <PasswordInput
          label={known ? text.newValue(known) : text.value}
          withAsterisk
          required
          data-autofocus={known ? true : undefined}
          autoComplete="off"
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          error={(wasTried && !value && text.valueMissing) || fields.value}
        />
        {error && Object.keys(fields).length === 0 && <Failure error={error} title={text.notSet} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.common.cancel}
          </Button>
          <Button type="submit" loading={set.isPending}>
            {known ? text.replaceNow : text.setNow}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
