import { useState } from "react";
import { useCheckPipeline } from "../../../api/checks.js";
import { isAbort } from "../../../api/errors.js";
import { useAbort } from "../../../lib/useAbort.js";
import { AUTOMATIC, missingIn, sentFor } from "./sample.js";

/** @import { DraftValues } from "./draft.js" */
/** @import { Sample } from "./sample.js" */

/**
 * The check of a pipeline that isn't saved yet.
 *
 * @typedef {object} DraftCheck
 * @property {boolean} isOpen
 * @property {() => void} open
 * @property {Sample} sample
 * @property {(sample: Sample) => void} choose
 * @property {string | null} missing in the sample, once somebody tried to check with it
 * @property {(values: DraftValues) => void} begin
 * @property {() => void} cancel
 * @property {boolean} isPending
 * @property {number} fraction of the input that is sent, 0..1
 * @property {unknown} error why it could not be checked
 * @property {import("../../../api/checks.js").Checked | undefined} result of the last one
 * @property {(values: DraftValues) => boolean} isStale whether what was checked is no longer what is chosen
 */

/** @returns {DraftCheck} */
export function useDraftCheck() {
  const check = useCheckPipeline();
  const abort = useAbort();
  const [isOpen, setOpen] = useState(false);
  const [sample, setSample] = useState(AUTOMATIC);
  const [missing, setMissing] = useState(/** @type {string | null} */ (null));
  const [fraction, setFraction] = useState(0);
  const [checked, setChecked] = useState({ parts: "", sample });

  return {
    isOpen,
    open: () => setOpen(true),
    sample,
    choose: (next) => {
      setSample(next);
      setMissing(null);
    },
    missing,
    begin: (values) => {
      setOpen(true);
      const found = missingIn(sample);
      setMissing(found);
      if (found) return;
      const { input, stored } = sentFor(sample);
      const { name, model, ...parts } = values;
      setChecked({ parts: partsOf(values), sample });
      setFraction(0);
      check.mutate({
        pipeline: { ...parts, ...(name.trim() && { name: name.trim() }), model: model ?? "", sample: stored },
        input,
        signal: abort.begin(),
        onProgress: setFraction,
      });
    },
    cancel: abort.abort,
    isPending: check.isPending,
    fraction,
    error: isAbort(check.error) ? null : check.error,
    result: check.data,
    isStale: (values) => checked.parts !== partsOf(values) || checked.sample !== sample,
  };
}

/**
 * @param {DraftValues} values
 * @returns {string} the same for the same parts, whatever the name
 */
function partsOf({ name: _, ...parts }) {
  return JSON.stringify(parts);
}
