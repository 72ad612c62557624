import { Page } from "../../components/Page.jsx";

/**
 * One model.
 *
 * @param {object} props
 * @param {string} props.name
 */
export default function ModelPage({ name }) {
  return <Page title={name}>{null}</Page>;
}
