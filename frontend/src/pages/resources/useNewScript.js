import { useState } from "react";
import { useModels } from "../../api/models.js";
import { useResources, useTemplate } from "../../api/resources.js";
import { dropDraft, keepDraft, readDraft } from "../../components/editor/drafts.js";

/** @typedef {"pre-processing" | "post-processing"} ScriptStep */

/** No resource has an empty name, so none has this draft. */
const DRAFT = "";
const ENDINGS = { "pre-processing": "pre", "post-processing": "post" };

/**
 * A script that isn't saved yet: until something is written it is the template of the chosen model and step.
 *
 * @param {string | null} first the model that is chosen at first
 */
export function useNewScript(first) {
  const [draft] = useState(() => readDraft(DRAFT));
  const models = useModels();
  const taken = useResources().data?.map((resource) => resource.name.toLowerCase()) ?? [];
  const [chosen, setChosen] = useState(first);
  const [step, setStep] = useState(/** @type {ScriptStep} */ ("pre-processing"));
  const [ownName, setOwnName] = useState(draft?.version || null);
  const [written, setWritten] = useState(draft?.text ?? null);

  const model = models.data?.find(({ name }) => name === chosen) ?? models.data?.[0] ?? null;
  const template = useTemplate(model, step);
  const name = ownName ?? (model ? freeName(`${stem(model.name)}_${ENDINGS[step]}`, taken) : "");
  const text = written ?? template.data ?? "";

  return {
    models,
    model,
    chooseModel: setChosen,
    step,
    chooseStep: setStep,
    name,
    changeName: setOwnName,
    text,
    template,
    wasRestored: draft !== null && written === draft.text,
    canBeginAgain: written !== null && template.data !== undefined && written !== template.data,
    /** @param {string} next */
    change(next) {
      setWritten(next);
      keepDraft(DRAFT, { text: next, version: name });
    },
    beginAgain() {
      setWritten(null);
      dropDraft(DRAFT);
    },
    /** What was written is kept elsewhere now. */
    forget: () => dropDraft(DRAFT),
  };
}

/**
 * @param {string} modelName
 * @returns {string} what can stand in the name of a Python file
 */
function stem(modelName) {
  return modelName.replace(/\W+/g, "_").replace(/^_+|_+$/g, "") || "script";
}

/**
 * @param {string} name without its ending
 * @param {readonly string[]} taken in small letters
 * @returns {string} the name of a script that isn't there yet
 */
function freeName(name, taken) {
  for (let n = 1; ; n++) {
    const free = n === 1 ? `${name}.py` : `${name}_${n}.py`;
    if (!taken.includes(free.toLowerCase())) return free;
  }
}
