import { Page } from "../../components/Page.jsx";
import { words } from "../../words.js";

/** Many files through one model or pipeline. */
export default function BatchPage() {
  return <Page title={words.predictions.batch}>{null}</Page>;
}
