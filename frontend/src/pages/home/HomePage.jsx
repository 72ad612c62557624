import { Page } from "../../components/Page.jsx";
import { words } from "../../words.js";

/** What is here, what ran lately and what is wrong. */
export default function HomePage() {
  return <Page title={words.home.title}>{null}</Page>;
}
