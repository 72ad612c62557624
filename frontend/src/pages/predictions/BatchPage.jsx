import { Page } from "../../components/Page.jsx";
import { words } from "../../words.js";
import { Assistant } from "./batch/Assistant.jsx";
import classes from "./batch/Batch.module.css";
import { LongBatches } from "./batch/LongBatches.jsx";

/** Many files through one pipeline or model. */
export default function BatchPage() {
  return (
    <Page title={words.predictions.batch}>
      <div className={classes.page}>
        <Assistant />
        <LongBatches />
      </div>
    </Page>
  );
}
