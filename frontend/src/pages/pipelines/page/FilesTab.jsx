import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload, IconEye, IconEyeOff, IconLinkOff } from "@tabler/icons-react";
import { useState } from "react";
import { useChangePipeline } from "../../../api/pipelines.js";
import { resourceContentUrl, useResources } from "../../../api/resources.js";
import { Failure } from "../../../components/Failure.jsx";
import { FormSkeleton } from "../../../components/FormSkeleton.jsx";
import { IconAction } from "../../../components/IconAction.jsx";
import { QueryView } from "../../../components/QueryView.jsx";
import { formatBytes } from "../../../lib/format.js";
import { words } from "../../../words.js";
import { FileContent } from "./FileContent.jsx";
import classes from "./FilesTab.module.css";

/** @import { Pipeline, PipelineChanges, Resource } from "../../../api/types.js" */

const text = words.pipelinePage.files;

/**
 * What lies beside the pipeline's scripts: to look at, to download, to attach and to detach.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {ReturnType<typeof import("./useAddress.js").useAddress>} props.address
 * @param {boolean} props.mayChange
 */
export function FilesTab({ pipeline, address, mayChange }) {
  const resources = useResources();
  const change = useChangePipeline();
  const apply = (/** @type {PipelineChanges} */ changes, /** @type {string} */ done) =>
    change.mutate({ pipeline, changes }, { onSuccess: () => notifications.show({ message: done }) });
  const detach = (/** @type {string} */ name) =>
    apply(
      {
        dataFiles: pipeline.dataFiles.filter((other) => other !== name),
        ...(pipeline.sample === name && { sample: null }),
      },
      text.wasDetached(name),
    );
  return (
    <QueryView query={resources} skeleton={<FormSkeleton />}>
      {(items) => {
        const files = pipeline.dataFiles.map((name) => items.find((item) => item.name === name));
        return (
          <Stack gap="md" className={classes.tab}>
            {pipeline.dataFiles.length === 0 && <Text c="dimmed">{text.empty}</Text>}
            <ul className={classes.files} aria-label={words.pipelines.dataFiles}>
              {files.map(
                (file) =>
                  file && (
                    <File
                      key={file.id}
                      file={file}
                      isSample={pipeline.sample === file.name}
                      opened={address.item === file.name}
                      onToggle={() => address.go("files", address.item === file.name ? null : file.name)}
                      onDetach={mayChange ? () => detach(file.name) : undefined}
                    />
                  ),
              )}
            </ul>
            {change.error && <Failure error={change.error} title={words.pipelinePage.notChanged} />}
            {mayChange && (
              <Attach
                items={items.filter(
                  ({ kind, name }) => kind !== "script" && !pipeline.dataFiles.includes(name),
                )}
                isPending={change.isPending}
                onAttach={(name) =>
                  apply({ dataFiles: [...pipeline.dataFiles, name] }, text.wasAttached(name))
                }
              />
            )}
          </Stack>
        );
      }}
    </QueryView>
  );
}

/**
 * @param {object} props
 * @param {Resource} props.file
 * @param {boolean} props.isSample
 * @param {boolean} props.opened
 * @param {() => void} props.onToggle
 * @param {(() => void)} [props.onDetach]
 */
function File({ file: { name, kind, sizeBytes }, isSample, opened, onToggle, onDetach }) {
  return (
    <li className={classes.file}>
      <div className={classes.line}>
        <div className={classes.names}>
          <span className={classes.name}>{name}</span>
          <span className={classes.note}>
            {words.resources.kinds[kind]}, {formatBytes(sizeBytes)}
            {isSample && `, ${text.isSample}`}
          </span>
        </div>
        <Group gap={0} wrap="nowrap">
          <IconAction
            label={opened ? text.hide(name) : text.show(name)}
            icon={opened ? IconEyeOff : IconEye}
            onClick={onToggle}
          />
          <IconAction
            label={words.resources.download(name)}
            hint={words.common.download}
            icon={IconDownload}
            href={resourceContentUrl(name)}
          />
          {onDetach && (
            <IconAction label={text.detach(name)} icon={IconLinkOff} destroys onClick={onDetach} />
          )}
        </Group>
      </div>
      {opened && <FileContent name={name} />}
    </li>
  );
}

/**
 * @param {object} props
 * @param {Resource[]} props.items
 * @param {boolean} props.isPending
 * @param {(name: string) => void} props.onAttach
 */
function Attach({ items, isPending, onAttach }) {
  const [name, setName] = useState(/** @type {string | null} */ (null));
  return (
    <Group align="flex-end" gap="xs">
      <Select
        label={text.attachLabel}
        placeholder={items.length ? text.choose : text.allAttached}
        data={items.map((item) => item.name)}
        disabled={items.length === 0}
        searchable
        clearable
        value={name}
        onChange={setName}
        className={classes.select}
      />
      <Button
        variant="default"
        disabled={!name}
        loading={isPending}
        onClick={() => {
          if (name) onAttach(name);
          setName(null);
        }}
      >
        {text.attach}
      </Button>
    </Group>
  );
}
