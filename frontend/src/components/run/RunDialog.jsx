import { Button, Group, Modal, Stack } from "@mantine/core";
import { isAbort } from "../../api/errors.js";
import { usePredict } from "../../api/predictions.js";
import { useAbort } from "../../lib/useAbort.js";
import { words } from "../../words.js";
import { Failure } from "../Failure.jsx";
import { AnswerView } from "./AnswerView.jsx";
import { InputChoice } from "./InputChoice.jsx";
import { StepTimes } from "./StepTimes.jsx";
import { useInput } from "./useInput.js";

/**
 * @import { Runnable } from "../../api/predictions.js"
 * @import { Tensor } from "../../api/types.js"
 */

/** @type {never[]} */
const NONE = [];

/**
 * The modal in which a pipeline or a model is run on one input.
 *
 * @param {object} props
 * @param {Runnable} props.kind
 * @param {string} props.name
 * @param {string} props.title
 * @param {boolean} props.takesFile whether a file is the likelier input than JSON
 * @param {readonly string[]} [props.samples] data files that may serve as input
 * @param {readonly Tensor[]} [props.inputs] of the model, where JSON is its input
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
 * @param {readonly string[]} [props.samples]
 * @param {readonly Tensor[]} [props.inputs]
 */
function RunForm({ kind, name, takesFile, samples = NONE, inputs = NONE }) {
  const input = useInput({ takesFile, dataFiles: samples, inputs });
  const predict = usePredict(kind, name);
  const abort = useAbort();

  const submit = (/** @type {React.FormEvent} */ event) => {
    event.preventDefault();
    const chosen = input.take();
    if (chosen) predict.mutate({ body: chosen.body, signal: abort.begin() });
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <InputChoice input={input} takesFile={takesFile} inputs={inputs} />
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
        {predict.data && (
          <div>
            <AnswerView text={predict.data.text} name={name} />
            <StepTimes timings={predict.data.timings} />
          </div>
        )}
      </Stack>
    </form>
  );
}
