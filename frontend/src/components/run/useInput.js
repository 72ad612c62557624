import { useMemo, useState } from "react";
import { useSample } from "../../api/predictions.js";
import { jsonSkeleton } from "../../lib/jsonSkeleton.js";
import { words } from "../../words.js";

/** @import { Tensor } from "../../api/types.js" */

/**
 * What a run is given: a file, the content of a sample, or JSON that somebody typed.
 *
 * @typedef {"file" | "sample" | "json"} InputKind
 *
 * @typedef {object} ChosenInput
 * @property {Blob | string} body
 * @property {string} label
 *
 * @param {object} options
 * @param {boolean} options.takesFile
 * @param {readonly string[]} options.dataFiles those that aren't modules may serve as samples
 * @param {string | null} [options.storedSample] the one that the pipeline itself calls its sample
 * @param {readonly Tensor[]} options.inputs
 */
export function useInput({ takesFile, dataFiles, storedSample = null, inputs }) {
  const samples = dataFiles.filter((name) => !name.endsWith(".py"));
  const stored = storedSample !== null && samples.includes(storedSample) ? storedSample : null;
  const [kind, setKind] = useState(
    /** @type {InputKind} */ (stored ? "sample" : takesFile ? "file" : "json"),
  );
  const [file, setFile] = useState(/** @type {File | null} */ (null));
  const [picked, setSample] = useState(/** @type {string | null} */ (null));
  const [typed, setJson] = useState(/** @type {string | null} */ (null));
  const [isMissing, setMissing] = useState(false);
  // The model may become known later than the page opens.
  const json = useMemo(() => typed ?? (takesFile ? "" : jsonSkeleton(inputs)), [typed, takesFile, inputs]);
  const sample = picked ?? stored ?? (samples.length === 1 ? samples[0] : null);
  const content = useSample(kind === "sample" ? sample : null);

  /** @returns {ChosenInput | null} */
  const chosen = () => {
    if (kind === "file") return file && { body: file, label: file.name };
    if (kind === "json") return json.trim() ? { body: json.trim(), label: words.run.json } : null;
    return sample !== null && content.data ? { body: content.data, label: sample } : null;
  };

  const changed = (/** @type {() => void} */ change) => {
    change();
    setMissing(false);
  };
  return {
    kind,
    file,
    samples,
    sample,
    json,
    content,
    isMissing,
    setKind: (/** @type {InputKind} */ next) => changed(() => setKind(next)),
    setFile: (/** @type {File | null} */ next) => changed(() => setFile(next)),
    setSample: (/** @type {string | null} */ next) => changed(() => setSample(next)),
    setJson: (/** @type {string} */ next) => changed(() => setJson(next)),
    /** The input, or null after saying beside its field what is missing. */
    take() {
      const input = chosen();
      setMissing(input === null);
      return input;
    },
  };
}
