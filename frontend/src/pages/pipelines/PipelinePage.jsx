import { Page } from "../../components/Page.jsx";

/**
 * One pipeline.
 *
 * @param {object} props
 * @param {string} props.name
 */
export default function PipelinePage({ name }) {
  return <Page title={name}>{null}</Page>;
}
