import { ScriptEditor } from "../../components/editor/ScriptEditor.jsx";
import { Page } from "../../components/Page.jsx";

/**
 * One resource.
 *
 * @param {object} props
 * @param {string} props.name
 */
export default function ResourcePage({ name }) {
  return (
    <Page title={name}>
      <ScriptEditor name={name} />
    </Page>
  );
}
