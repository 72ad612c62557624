import { Button, Group, Radio, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useId, useRef } from "react";
import { useLocation } from "wouter";
import { ApiError, isAbort } from "../../api/errors.js";
import { useAddResource } from "../../api/resources.js";
import { Code } from "../../components/editor/Code.jsx";
import { Keys } from "../../components/editor/Keys.jsx";
import { Problems } from "../../components/editor/Problems.jsx";
import { useCheck } from "../../components/editor/useCheck.js";
import { Failure } from "../../components/Failure.jsx";
import { resourceLink } from "../../lib/links.js";
import { useAbort } from "../../lib/useAbort.js";
import { words } from "../../words.js";
import { useNewScript } from "./useNewScript.js";

/** @import { CodeHandle } from "../../components/editor/Code.jsx" */
/** @import { ScriptStep } from "./useNewScript.js" */

const text = words.resources.create;
/** @type {ScriptStep[]} */
const STEPS = ["pre-processing", "post-processing"];

/**
 * @param {object} props
 * @param {string | null} props.model
 * @param {() => void} props.onClose
 */
export function NewScriptForm({ model, onClose }) {
  const script = useNewScript(model);
  const check = useCheck(script.name || "script.py", "script", script.text, script.text !== "");
  const add = useAddResource();
  const abort = useAbort();
  const code = useRef(/** @type {CodeHandle | null} */ (null));
  const keysId = useId();
  const [, navigate] = useLocation();
  const error = isAbort(add.error) ? null : add.error;
  const besideName = error instanceof ApiError ? (error.fields.name ?? error.fields.file) : undefined;
  const missing = script.models.data?.length === 0;

  const save = () => {
    if (add.isPending) return;
    const file = new File([script.text], script.name, { type: "text/plain" });
    add.mutate(
      { kind: "script", file, signal: abort.begin(), onProgress: () => {} },
      {
        onSuccess: (resource) => {
          script.forget();
          onClose();
          notifications.show({ message: words.resources.wasAdded(resource.name) });
          navigate(resourceLink(resource.name));
        },
      },
    );
  };

  return (
    <Stack gap={12}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={12} verticalSpacing={12}>
        <Select
          label={text.model}
          description={missing ? text.noModels : text.modelHint}
          data={script.models.data?.map(({ name }) => name) ?? []}
          value={script.model?.name ?? null}
          onChange={(name) => name && script.chooseModel(name)}
          disabled={missing}
          searchable
          allowDeselect={false}
        />
        <TextInput
          label={words.common.name}
          description={text.nameHint}
          value={script.name}
          onChange={(event) => script.changeName(event.currentTarget.value)}
          error={besideName}
        />
      </SimpleGrid>
      <Radio.Group
        label={text.step}
        value={script.step}
        onChange={(step) => script.chooseStep(/** @type {ScriptStep} */ (step))}
      >
        <Group gap={16} mt={4}>
          {STEPS.map((step) => (
            <Radio key={step} value={step} label={words.steps[step]} />
          ))}
        </Group>
      </Radio.Group>
      {script.canBeginAgain && (
        <Group gap={8} justify="space-between">
          <span role="status">{script.wasRestored ? text.restored : ""}</span>
          <Button size="compact-sm" variant="default" onClick={script.beginAgain}>
            {text.template}
          </Button>
        </Group>
      )}
      {script.template.error ? <Failure error={script.template.error} title={text.notLoaded} /> : null}
      <Code
        ref={code}
        name="script.py"
        label={text.source}
        describedBy={keysId}
        text={script.text}
        onChange={script.change}
        onSave={save}
        problems={check.problems}
        compact
      />
      <Problems check={check} onGoTo={(line, column) => code.current?.goTo(line, column)} />
      <Keys id={keysId} />
      {error && !besideName ? <Failure error={error} title={text.notSaved} /> : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {words.common.cancel}
        </Button>
        <Button loading={add.isPending} disabled={script.name.trim() === ""} onClick={save}>
          {words.editor.save}
        </Button>
      </Group>
    </Stack>
  );
}
