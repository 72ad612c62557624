import { Button, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect, useEffectEvent, useState } from "react";
import { words } from "../../words.js";
import { FileDrop } from "../FileDrop.jsx";
import { UploadEntry } from "./UploadEntry.jsx";

/** @import { UploadLoad, Uploads } from "./useUploads.js" */

const text = words.uploads;

/**
 * The form of every upload: files are dropped, each becomes an entry with its fields, `Upload` sends them. Those that
 * are refused stay, with the reason, and can be mended and sent again; the others are there.
 *
 * @template {UploadLoad} L
 * @param {object} props
 * @param {Uploads<L>} props.uploads
 * @param {string} props.label of the field for files
 * @param {string} props.hint
 * @param {string} props.missing what to say where there is none
 * @param {string} props.checking what the server does with a file once it is sent
 * @param {string} props.failedTitle
 * @param {readonly string[]} props.fields of an entry that show their error themselves
 * @param {(name: string) => string} props.wasAdded
 * @param {(n: number) => string} props.wereAdded
 * @param {(files: readonly File[]) => void} props.onFiles makes entries of them
 * @param {() => void} props.onClose
 * @param {React.ReactNode} [props.remarks] below the field for files
 * @param {(load: L, tools: {errors: Record<string, string | undefined>, change: (load: L) => void, disabled: boolean}) => React.ReactNode} props.children
 *   the fields of one entry
 */
export function UploadForm({
  uploads: { items, queue, busy },
  label,
  hint,
  missing,
  checking,
  failedTitle,
  fields,
  wasAdded,
  wereAdded,
  onFiles,
  onClose,
  remarks,
  children,
}) {
  const [isMissing, setMissing] = useState(false);
  const done = items.filter(({ state }) => state === "done");
  const rest = items.length - done.length;

  const close = useEffectEvent(() => {
    if (done.length === 1) notifications.show({ message: wasAdded(done[0].result?.name ?? "") });
    else if (done.length > 1) notifications.show({ message: wereAdded(done.length) });
    onClose();
  });
  const isComplete = done.length > 0 && rest === 0;
  useEffect(() => {
    if (isComplete) close();
  }, [isComplete]);

  const submit = (/** @type {React.FormEvent} */ event) => {
    event.preventDefault();
    setMissing(items.length === 0);
    queue.start();
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FileDrop
          label={label}
          hint={hint}
          multiple
          required
          files={[]}
          onChange={(files) => {
            setMissing(false);
            onFiles(files);
          }}
          error={isMissing && missing}
        />
        {remarks}
        {items.map((item) => (
          <UploadEntry
            key={item.id}
            item={item}
            checking={checking}
            failedTitle={failedTitle}
            fields={fields}
            onCancel={() => queue.cancel(item.id)}
            onRemove={() => queue.remove(item.id)}
          >
            {(tools) =>
              children(item.load, {
                ...tools,
                change: (/** @type {L} */ load) => queue.change(item.id, load),
              })
            }
          </UploadEntry>
        ))}
        <Group justify="flex-end">
          <span role="status" style={{ marginRight: "auto", fontSize: "0.875rem" }}>
            {items.length > 1 && done.length > 0 && text.done(done.length, items.length)}
          </span>
          <Button variant="default" onClick={done.length > 0 && !busy ? close : onClose}>
            {done.length > 0 && !busy ? words.common.close : words.common.cancel}
          </Button>
          <Button type="submit" loading={busy}>
            {words.common.upload}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
