import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { PageDrop } from "../../../components/PageDrop.jsx";
import { useLeaveGuard } from "../../../lib/useLeaveGuard.js";
import { words } from "../../../words.js";
import classes from "./Batch.module.css";
import { ChooseTarget } from "./ChooseTarget.jsx";
import { Outcome } from "./Outcome.jsx";
import { Stages } from "./Stages.jsx";
import { UploadFiles } from "./UploadFiles.jsx";
import { useBatch } from "./useBatch.js";

/** @import { Target } from "./useBatch.js" */

const text = words.batch;

/** The three stages of a batch: choose what runs, give it files, see what came out. */
export function Assistant() {
  const [target, setTarget] = useState(/** @type {Target | null} */ (null));
  const [chosen, setChosen] = useState(/** @type {Target | null} */ (null));
  const { queue, items, busy } = useBatch();
  const guard = useLeaveGuard(busy);
  const stage = !target ? "choose" : items.length === 0 ? "upload" : "outcome";

  const run = (/** @type {readonly File[]} */ files) => {
    if (target) queue.start(queue.add(files.map((file) => ({ target, file }))));
  };
  return (
    <section className={classes.panel} aria-label={words.predictions.batch}>
      <Stages current={stage} />
      {stage === "choose" && <ChooseTarget chosen={chosen} onChoose={setChosen} onNext={setTarget} />}
      {target && stage === "upload" && (
        <UploadFiles target={target} onFiles={run} onBack={() => setTarget(null)} />
      )}
      {target && stage === "outcome" && (
        <Outcome
          target={target}
          queue={queue}
          items={items}
          busy={busy}
          onFiles={run}
          onNew={() => {
            queue.clear();
            setTarget(null);
          }}
        />
      )}
      {target && <PageDrop text={text.dropHere(target.name)} onFiles={run} />}
      <Modal opened={guard.asks} onClose={guard.stay} title={text.leaveTitle} size="md">
        <Stack>
          <Text size="sm">{text.leaveQuestion}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={guard.leave}>
              {text.leave}
            </Button>
            <Button onClick={guard.stay} data-autofocus>
              {text.stay}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </section>
  );
}
