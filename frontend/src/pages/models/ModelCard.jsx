import { IconInfoCircle } from "@tabler/icons-react";
import { memo } from "react";
import { Card } from "../../components/CardGrid.jsx";
import { CardFoot, CardHead } from "../../components/CardParts.jsx";
import { IconAction } from "../../components/IconAction.jsx";
import { UsedBy } from "../../components/UsedBy.jsx";
import { formatBytes } from "../../lib/format.js";
import { modelLink } from "../../lib/links.js";
import { words } from "../../words.js";
import { ActiveSwitch } from "./ActiveSwitch.jsx";
import { ModelActions } from "./ModelActions.jsx";
import classes from "./ModelCard.module.css";
import { TensorLines } from "./TensorLines.jsx";

/** @import { Model } from "../../api/types.js" */

const text = words.models;

/**
 * A model at a glance: whether it answers, what goes in, what comes out, and what can be done with it.
 *
 * @param {object} props
 * @param {Model} props.model
 * @param {boolean} props.mayChange
 * @param {import("./useModelDialogs.jsx").ModelDialogs} props.open
 */
function PlainModelCard({ model, mayChange, open }) {
  const { name, description } = model;
  return (
    <Card name={name}>
      <CardHead
        name={name}
        href={modelLink(name)}
        note={formatBytes(model.sizeBytes)}
        action={
          <IconAction
            label={text.details(name)}
            hint={text.detailsTitle}
            icon={IconInfoCircle}
            onClick={() => open.details(model)}
          />
        }
      />
      {description && <p className={classes.description}>{description}</p>}
      <TensorLines inputs={model.inputs} outputs={model.outputs} />
      <div className={classes.state}>
        <ActiveSwitch model={model} onChange={mayChange ? (active) => open.setActive(model, active) : null} />
      </div>
      <CardFoot
        left={<UsedBy pipelines={model.usedBy} />}
        actions={<ModelActions model={model} mayChange={mayChange} open={open} />}
      />
    </Card>
  );
}

export const ModelCard = memo(PlainModelCard);
