import { Select, Tabs, Text, Textarea } from "@mantine/core";
import { FileDrop } from "../../../components/FileDrop.jsx";
import { FillJson } from "../../../components/run/FillJson.jsx";
import { words } from "../../../words.js";

/** @import { Tensor } from "../../../api/types.js" */
/** @import { Sample, Source } from "./sample.js" */

const text = words.check;
const MONOSPACED = { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "var(--code)" };

/**
 * What to run the check on.
 *
 * @param {object} props
 * @param {Sample} props.sample
 * @param {(sample: Sample) => void} props.onChoose
 * @param {string | null} props.missing
 * @param {boolean} props.takesBytes whether there is a pre-processing script
 * @param {readonly Tensor[]} props.inputs of the model
 * @param {string[]} props.dataFiles of the pipeline
 */
export function SampleInput({ sample, onChoose, missing, takesBytes, inputs, dataFiles }) {
  // A data file that was taken out of the pipeline again is no sample of it any more.
  const stored = sample.stored !== null && dataFiles.includes(sample.stored) ? sample.stored : null;
  return (
    <Tabs
      keepMounted={false}
      value={sample.source}
      onChange={(source) => onChoose({ ...sample, source: /** @type {Source} */ (source ?? "automatic") })}
    >
      <Tabs.List aria-label={words.run.input} mb="sm">
        <Tabs.Tab value="automatic">{text.automatic}</Tabs.Tab>
        <Tabs.Tab value="file">{words.run.file}</Tabs.Tab>
        <Tabs.Tab value="json">{words.run.json}</Tabs.Tab>
        {dataFiles.length > 0 && <Tabs.Tab value="stored">{text.stored}</Tabs.Tab>}
      </Tabs.List>
      <Tabs.Panel value="automatic">
        <Text size="sm" c="dimmed">
          {takesBytes ? text.onlyLoads : text.made}
        </Text>
      </Tabs.Panel>
      <Tabs.Panel value="file">
        <FileDrop
          label={words.run.inputFile}
          files={sample.files}
          onChange={(files) => onChoose({ ...sample, files })}
          error={missing}
        />
      </Tabs.Panel>
      <Tabs.Panel value="json">
        <Textarea
          label={words.run.jsonInput}
          value={sample.json}
          onChange={(event) => onChoose({ ...sample, json: event.currentTarget.value })}
          error={missing}
          autosize
          minRows={4}
          maxRows={10}
          spellCheck={false}
          styles={{ input: MONOSPACED }}
        />
        <FillJson inputs={inputs} json={sample.json} onFill={(json) => onChoose({ ...sample, json })} />
      </Tabs.Panel>
      <Tabs.Panel value="stored">
        <Select
          label={text.storedLabel}
          data={dataFiles}
          value={stored}
          onChange={(next) => onChoose({ ...sample, stored: next })}
          error={missing}
        />
      </Tabs.Panel>
    </Tabs>
  );
}
