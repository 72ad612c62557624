import { Button, Group, Modal, Stack, Tabs, Textarea } from "@mantine/core";
import { useState } from "react";
import { isAbort } from "../../api/errors.js";
import { usePredict } from "../../api/predictions.js";
import { useAbort } from "../../lib/useAbort.js";
import { words } from "../../words.js";
import { Failure } from "../Failure.jsx";
import { FileDrop } from "../FileDrop.jsx";
import { AnswerView } from "./AnswerView.jsx";

/** @typedef {import("../../api/predictions.js").Runnable} Runnable */

/**
 * The modal in which a pipeline or a model is run on one input.
 *
 * @param {object} props
 * @param {Runnable} props.kind
 * @param {string} props.name
 * @param {string} props.title
 * @param {boolean} props.takesFile whether a file is the likelier input than JSON
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function RunDialog({ opened, onClose, title, ...target }) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="xl" closeOnClickOutside={false}>
      <RunForm {...target} />
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {Runnable} props.kind
 * @param {string} props.name
 * @param {boolean} props.takesFile
 */
function RunForm({ kind, name, takesFile }) {
  const [tab, setTab] = useState(takesFile ? "file" : "json");
  const [files, setFiles] = useState(/** @type {File[]} */ ([]));
  const [json, setJson] = useState("");
  const [missing, setMissing] = useState(false);
  const predict = usePredict(kind, name);
  const abort = useAbort();

  const submit = (/** @type {React.FormEvent} */ event) => {
    event.preventDefault();
    const body = tab === "file" ? files[0] : json.trim();
    setMissing(!body);
    if (body) predict.mutate({ body, signal: abort.begin() });
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Tabs
          value={tab}
          onChange={(next) => {
            setTab(next ?? "file");
            setMissing(false);
          }}
        >
          <Tabs.List aria-label={words.run.input} mb="sm">
            <Tabs.Tab value="file">{words.run.file}</Tabs.Tab>
            <Tabs.Tab value="json">{words.run.json}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="file">
            <FileDrop
              label={words.run.inputFile}
              hint={takesFile ? words.run.fileHint : words.run.jsonHint}
              files={files}
              onChange={setFiles}
              error={missing && words.run.fileMissing}
            />
          </Tabs.Panel>
          <Tabs.Panel value="json">
            <Textarea
              label={words.run.jsonInput}
              description={takesFile ? words.run.fileHint : words.run.jsonHint}
              value={json}
              onChange={(event) => setJson(event.currentTarget.value)}
              error={missing && words.run.jsonMissing}
              autosize
              minRows={5}
              maxRows={14}
              spellCheck={false}
              styles={{
                input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "var(--code)" },
              }}
            />
          </Tabs.Panel>
        </Tabs>
        <Group justify="flex-end">
          {predict.isPending && (
            <Button variant="default" onClick={abort.abort}>
              {words.common.cancel}
            </Button>
          )}
          <Button type="submit" loading={predict.isPending}>
            {words.run.submit}
          </Button>
        </Group>
        {predict.error && !isAbort(predict.error) && (
          <Failure error={predict.error} title={words.run.failed} />
        )}
        {predict.data && <AnswerView answer={predict.data} name={name} />}
      </Stack>
    </form>
  );
}
