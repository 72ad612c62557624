import { Select, Tabs, Textarea } from "@mantine/core";
import { formatShape } from "../../lib/format.js";
import { words } from "../../words.js";
import { Failure } from "../Failure.jsx";
import { FileDrop } from "../FileDrop.jsx";
import { FillJson } from "./FillJson.jsx";
import { InputPreview } from "./InputPreview.jsx";

/** @import { Tensor } from "../../api/types.js" */
/** @import { InputKind, useInput } from "./useInput.js" */

/**
 * The fields in which an input is chosen.
 *
 * @param {object} props
 * @param {ReturnType<typeof useInput>} props.input
 * @param {boolean} props.takesFile
 * @param {readonly Tensor[]} props.inputs what JSON must hold where there is no pre-processing
 */
export function InputChoice({ input, takesFile, inputs }) {
  const hint = takesFile ? words.run.fileHint : words.run.jsonHint;
  return (
    <Tabs
      value={input.kind}
      onChange={(next) => next && input.setKind(/** @type {InputKind} */ (next))}
      keepMounted={false}
    >
      <Tabs.List aria-label={words.run.input} mb="sm">
        <Tabs.Tab value="file">{words.run.file}</Tabs.Tab>
        {input.samples.length > 0 && <Tabs.Tab value="sample">{words.run.sample}</Tabs.Tab>}
        <Tabs.Tab value="json">{words.run.json}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="file">
        <FileDrop
          label={words.run.inputFile}
          hint={hint}
          files={input.file ? [input.file] : []}
          onChange={(files) => input.setFile(files[0] ?? null)}
          error={input.isMissing && words.run.fileMissing}
        />
        {input.file && <InputPreview content={input.file} />}
      </Tabs.Panel>
      <Tabs.Panel value="sample">
        <Select
          label={words.run.inputSample}
          description={words.run.sampleHint}
          data={input.samples}
          value={input.sample}
          onChange={input.setSample}
          error={input.isMissing && words.run.sampleMissing}
        />
        {input.content.error && <Failure error={input.content.error} title={words.run.sampleFailed} />}
        {input.content.data && <InputPreview content={input.content.data} />}
      </Tabs.Panel>
      <Tabs.Panel value="json">
        <Textarea
          label={words.run.jsonInput}
          description={takesFile ? hint : jsonHint(inputs)}
          value={input.json}
          onChange={(event) => input.setJson(event.currentTarget.value)}
          error={input.isMissing && words.run.jsonMissing}
          autosize
          minRows={5}
          maxRows={14}
          spellCheck={false}
          styles={{
            input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "var(--code)" },
          }}
        />
        {takesFile && <FillJson inputs={inputs} json={input.json} onFill={input.setJson} />}
      </Tabs.Panel>
    </Tabs>
  );
}

/**
 * @param {readonly Tensor[]} inputs
 * @returns {string}
 */
function jsonHint(inputs) {
  const lines = inputs.map((input) =>
    [input.name, input.datatype ?? input.type, formatShape(input)].filter(Boolean).join(" "),
  );
  return lines.length > 0 ? words.run.jsonFor(lines) : words.run.jsonHint;
}
