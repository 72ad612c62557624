import { useState } from "react";
import { useLocation } from "wouter";
import { useModels } from "../../api/models.js";
import { useMayChange } from "../../api/session.js";
import { Saved } from "../../components/editor/SaveOutcome.jsx";
import { GoneItem } from "../../components/GoneItem.jsx";
import { ItemPage } from "../../components/ItemPage.jsx";
import { modelLink } from "../../lib/links.js";
import { words } from "../../words.js";
import { ModelView } from "./page/ModelView.jsx";
import { useModelDialogs } from "./useModelDialogs.jsx";

/** @import { ReplacedModel } from "../../api/types.js" */

const text = words.models;

/**
 * All about one model: what it takes and gives, who uses it, how it is called, and the ways to try and to change it.
 *
 * @param {object} props
 * @param {string} props.name
 */
export default function ModelPage({ name }) {
  const models = useModels();
  const mayChange = useMayChange();
  const [, navigate] = useLocation();
  const [replaced, setReplaced] = useState(/** @type {ReplacedModel | null} */ (null));
  const { open, dialogs } = useModelDialogs({
    onDeleted: () => navigate("/models"),
    onReplaced: setReplaced,
  });
  return (
    <ItemPage
      name={name}
      query={models}
      link={modelLink}
      skeleton={[160, 320]}
      gone={(known) => (
        <GoneItem
          title={text.gone(name)}
          hint={text.goneHint}
          back="/models"
          backLabel={text.goToModels}
          isNews={known !== undefined}
        />
      )}
      dialogs={dialogs}
    >
      {(model) => (
        <ModelView model={model} mayChange={mayChange} open={open}>
          {replaced && <Saved result={replaced} onClose={() => setReplaced(null)} />}
        </ModelView>
      )}
    </ItemPage>
  );
}
