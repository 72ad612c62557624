import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlayerPlay, IconRepeat } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { words } from "../../words.js";
import { InputChoice } from "./InputChoice.jsx";
import { RunHistory } from "./RunHistory.jsx";
import { Running } from "./Running.jsx";
import { RunView } from "./RunView.jsx";
import classes from "./TryIt.module.css";
import { useInput } from "./useInput.js";
import { useRuns } from "./useRuns.js";

/**
 * @import { Runnable } from "../../api/predictions.js"
 * @import { Tensor } from "../../api/types.js"
 * @import { RenderScript } from "../trace/Xray.jsx"
 */

/** @type {never[]} */
const NONE = [];
/** What came from elsewhere is run once, also where this is shown anew. */
const taken = /** @type {WeakSet<File>} */ (new WeakSet());

/**
 * Runs a pipeline or a model on one input, and shows the answer and the run from inside.
 *
 * @param {object} props
 * @param {Runnable} props.kind
 * @param {string} props.name
 * @param {boolean} props.takesFile whether the input goes to pre-processing, byte for byte
 * @param {readonly string[]} [props.samples] data files that may serve as input
 * @param {string | null} [props.sample] the one that the pipeline calls its sample; chosen at first
 * @param {readonly Tensor[]} [props.inputs] of the model
 * @param {File | null} [props.again] an input from elsewhere; it is run as soon as it is given
 * @param {RenderScript} [props.renderScript] shows a script that failed, e.g. in an editor
 */
export function TryIt({
  kind,
  name,
  takesFile,
  samples = NONE,
  sample = null,
  inputs = NONE,
  again,
  renderScript,
}) {
  const input = useInput({ takesFile, dataFiles: samples, storedSample: sample, inputs });
  const { runs, run, isRunning, sent, cancel } = useRuns(kind, name);
  const [chosen, choose] = useState(/** @type {number | null} */ (null));
  const [other, compare] = useState(/** @type {number | null} */ (null));
  const shown = runs.find(({ id }) => id === chosen) ?? runs[0];
  const compared = runs.find(({ id }) => id === other && id !== shown.id);

  const outcome = useRef(/** @type {HTMLElement | null} */ (null));
  const wasRepaired = useRef(false);
  const shownId = shown?.id;

  useEffect(() => {
    if (shownId === undefined || !wasRepaired.current) return;
    wasRepaired.current = false;
    // The editor that was just left by saving gave way to the answer.
    if (document.activeElement === document.body) outcome.current?.focus({ preventScroll: true });
  }, [shownId]);

  const begin = (/** @type {import("./useInput.js").ChosenInput | null} */ what) => {
    if (!what || isRunning) return;
    choose(null);
    void run(what);
  };

  useEffect(() => {
    if (!again || taken.has(again)) return;
    taken.add(again);
    input.setKind("file");
    input.setFile(again);
    begin({ body: again, label: again.name });
  });

  return (
    <div className={classes.tryIt}>
      <form
        className={classes.input}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          begin(input.take());
        }}
      >
        <InputChoice input={input} takesFile={takesFile} inputs={inputs} />
        <Group gap="sm" mt="md">
          <Button type="submit" disabled={isRunning} leftSection={<IconPlayerPlay size={16} />}>
            {words.run.submit}
          </Button>
          {shown && (
            <Button
              variant="default"
              disabled={isRunning}
              leftSection={<IconRepeat size={16} />}
              onClick={() => begin(shown.input)}
            >
              {words.run.again}
            </Button>
          )}
          {isRunning && <Running sent={sent} onCancel={cancel} />}
        </Group>
        <RunHistory runs={runs} shown={shown} compared={compared} onChoose={choose} onCompare={compare} />
      </form>
      <section
        ref={outcome}
        tabIndex={-1}
        className={classes.outcome}
        aria-label={words.run.outcome}
        aria-busy={isRunning}
      >
        {shown ? (
          <RunView
            key={shown.id}
            run={shown}
            compared={compared}
            name={name}
            renderScript={renderScript}
            onRepaired={() => {
              wasRepaired.current = true;
              // The editor, which says what it saved, goes with the run that failed.
              notifications.show({ message: words.run.repaired });
              begin(shown.input);
            }}
          />
        ) : (
          <p className={classes.empty}>{words.run.empty}</p>
        )}
      </section>
    </div>
  );
}
