import { useState } from "react";
import { useLocation } from "wouter";
import { useResources } from "../../api/resources.js";
import { useMayChange } from "../../api/session.js";
import { Saved } from "../../components/editor/SaveOutcome.jsx";
import { ItemPage } from "../../components/ItemPage.jsx";
import { resourceLink } from "../../lib/links.js";
import { Gone } from "./page/Gone.jsx";
import { ResourceView } from "./page/ResourceView.jsx";
import { useResourceDialogs } from "./useResourceDialogs.jsx";

/** @import { ReplacedResource } from "../../api/types.js" */

/**
 * All about one resource: what it is, who uses it, and its content to read or to edit.
 *
 * @param {object} props
 * @param {string} props.name
 */
export default function ResourcePage({ name }) {
  const resources = useResources();
  const mayChange = useMayChange();
  const [, navigate] = useLocation();
  const [replaced, setReplaced] = useState(/** @type {ReplacedResource | null} */ (null));
  const { open, dialogs } = useResourceDialogs({
    resources: resources.data,
    mayChange,
    onDeleted: () => navigate("/resources"),
    onReplaced: setReplaced,
  });
  return (
    <ItemPage
      name={name}
      query={resources}
      link={resourceLink}
      skeleton={[420]}
      gone={(known) => <Gone name={name} isNews={known !== undefined} />}
      dialogs={dialogs}
    >
      {(resource) => (
        <ResourceView resource={resource} mayChange={mayChange} open={open}>
          {replaced && <Saved result={replaced} onClose={() => setReplaced(null)} />}
        </ResourceView>
      )}
    </ItemPage>
  );
}
