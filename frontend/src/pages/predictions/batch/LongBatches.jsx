import { Title } from "@mantine/core";
import { useId } from "react";
import { words } from "../../../words.js";
import classes from "./Batch.module.css";

/** The place of batches that the server runs by itself; until it does, what that means. */
export function LongBatches() {
  const id = useId();
  return (
    <section className={classes.later} aria-labelledby={id}>
      <Title id={id} order={2} className={classes.laterTitle}>
        {words.batch.later}
      </Title>
      <p>{words.batch.laterHint}</p>
    </section>
  );
}
