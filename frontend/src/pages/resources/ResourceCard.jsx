import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { memo } from "react";
import { Card } from "../../components/CardGrid.jsx";
import { CardFoot, CardHead } from "../../components/CardParts.jsx";
import { PackagesLine } from "../../components/environment/PackagesLine.jsx";
import { IconAction } from "../../components/IconAction.jsx";
import { Time } from "../../components/Time.jsx";
import { formatBytes } from "../../lib/format.js";
import { resourceLink } from "../../lib/links.js";
import { words } from "../../words.js";
import { ResourceActions } from "./ResourceActions.jsx";
import classes from "./ResourceCard.module.css";
import { UsedByLinks } from "./UsedByLinks.jsx";

/** @import { Resource } from "../../api/types.js" */

const text = words.resources;

/**
 * A resource at a glance: what kind it is, which pipelines use it, its warnings, and what can be done with it.
 *
 * @param {object} props
 * @param {Resource} props.resource
 * @param {boolean} props.mayChange
 * @param {import("./useResourceDialogs.jsx").ResourceDialogs} props.open
 */
function PlainResourceCard({ resource, mayChange, open }) {
  const { name, kind, sizeBytes, warnings, environment, usedBy, createdAt } = resource;
  const openDetails = () => open.details(resource);
  return (
    <Card name={name}>
      <CardHead
        name={name}
        href={resourceLink(name)}
        note={`${text.kinds[kind]}, ${formatBytes(sizeBytes)}`}
        action={
          <IconAction
            label={text.details(name)}
            hint={text.detailsTitle}
            icon={IconInfoCircle}
            onClick={openDetails}
          />
        }
      />
      {warnings.length > 0 && (
        <button type="button" className={classes.warnings} onClick={openDetails}>
          <IconAlertTriangle size={14} aria-hidden="true" />
          {words.common.warnings(warnings.length)}
        </button>
      )}
      {environment && <PackagesLine environment={environment} onClick={openDetails} />}
      <div className={classes.used}>
        <span className={classes.label}>{words.common.usedBy}</span> <UsedByLinks pipelines={usedBy} />
      </div>
      <CardFoot
        left={
          <>
            {words.common.added} <Time at={createdAt} />
          </>
        }
        actions={<ResourceActions resource={resource} mayChange={mayChange} open={open} />}
      />
    </Card>
  );
}

export const ResourceCard = memo(PlainResourceCard);
