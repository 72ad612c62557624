import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useLocation } from "wouter";
import { ApiError, isAbort } from "../../../api/errors.js";
import { useAddPipeline } from "../../../api/pipelines.js";
import { useSecrets } from "../../../api/secrets.js";
import { Failure } from "../../../components/Failure.jsx";
import { Notice } from "../../../components/Notice.jsx";
import { pipelineLink } from "../../../lib/links.js";
import { useAbort } from "../../../lib/useAbort.js";
import { words } from "../../../words.js";
import { copyOf } from "./editing.js";

/** @import { Pipeline } from "../../../api/types.js" */

const text = words.pipelinePage;

/**
 * The modal that makes another pipeline of the same parts and settings, and leads to it.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {string[]} props.names of all pipelines
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function Duplicate({ opened, onClose, ...rest }) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.duplicateTitle(rest.pipeline.name)} size="md">
      <DuplicateForm onClose={onClose} {...rest} />
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {string[]} props.names
 * @param {() => void} props.onClose
 */
function DuplicateForm({ pipeline, names, onClose }) {
  const add = useAddPipeline();
  const secrets = useSecrets(pipeline.name).data ?? [];
  const abort = useAbort();
  const [, navigate] = useLocation();
  const form = useForm({
    initialValues: { name: freeName(pipeline.name, names) },
    validate: { name: (name) => (name.trim() ? null : words.pipelines.nameMissing) },
  });
  const submit = form.onSubmit(({ name }) =>
    add.mutate(
      { pipeline: copyOf(pipeline, name), signal: abort.begin() },
      {
        onSuccess: (added) => {
          onClose();
          notifications.show({ message: words.pipelines.wasAdded(added.name) });
          navigate(pipelineLink(added.name));
        },
        onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
      },
    ),
  );
  const isBesideTheName = add.error instanceof ApiError && Boolean(add.error.fields.name);
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={words.common.name}
          description={text.duplicateHint}
          withAsterisk
          required
          data-autofocus
          {...form.getInputProps("name")}
        />
        {secrets.length > 0 && (
          <Notice tone="info">{text.secretsStay(secrets.map(({ name }) => name))}</Notice>
        )}
        {add.error && !isAbort(add.error) && !isBesideTheName && (
          <Failure error={add.error} title={words.pipelines.notAdded} />
        )}
        <Group justify="flex-end">
          {add.isPending && (
            <Text size="xs" c="dimmed" flex={1} role="status">
              {words.pipelines.checking}
            </Text>
          )}
          <Button variant="default" onClick={onClose}>
            {words.common.cancel}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {text.duplicate}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/**
 * @param {string} name
 * @param {string[]} names
 * @returns {string} that no pipeline has
 */
function freeName(name, names) {
  const taken = new Set(names.map((other) => other.toLowerCase()));
  for (let n = 1; ; n += 1) {
    const candidate = text.copyName(name, n);
    if (!taken.has(candidate.toLowerCase())) return candidate;
  }
}
