import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconDownload, IconInfoCircle, IconTrash } from "@tabler/icons-react";
import { resourceContentUrl, useDeleteResource } from "../../api/resources.js";
import { Card } from "../../components/CardGrid.jsx";
import { CardFoot, CardHead } from "../../components/CardParts.jsx";
import { ConfirmDelete } from "../../components/ConfirmDelete.jsx";
import { PackagesLine } from "../../components/environment/PackagesLine.jsx";
import { IconAction } from "../../components/IconAction.jsx";
import { Time } from "../../components/Time.jsx";
import { UsedBy } from "../../components/UsedBy.jsx";
import { formatBytes } from "../../lib/format.js";
import { words } from "../../words.js";
import classes from "./ResourceCard.module.css";
import { ResourceDetails } from "./ResourceDetails.jsx";

/** @import { Resource } from "../../api/types.js" */

const text = words.resources;

/**
 * A resource at a glance: what kind it is, its warnings, and what can be done with it.
 *
 * @param {object} props
 * @param {Resource} props.resource
 * @param {boolean} props.mayChange
 */
export function ResourceCard({ resource, mayChange }) {
  const [reading, details] = useDisclosure(false);
  const [deleting, remove] = useDisclosure(false);
  const deleteResource = useDeleteResource();
  const { name, kind, sizeBytes, warnings, environment, usedBy, createdAt } = resource;
  return (
    <Card name={name}>
      <CardHead
        name={name}
        note={`${text.kinds[kind]}, ${formatBytes(sizeBytes)}`}
        action={
          <IconAction
            label={text.details(name)}
            hint={text.detailsTitle}
            icon={IconInfoCircle}
            onClick={details.open}
          />
        }
      />
      {warnings.length > 0 && (
        <button type="button" className={classes.warnings} onClick={details.open}>
          <IconAlertTriangle size={14} aria-hidden="true" />
          {words.common.warnings(warnings.length)}
        </button>
      )}
      {environment && <PackagesLine environment={environment} onClick={details.open} />}
      <div className={classes.time}>
        {words.common.added} <Time at={createdAt} />
      </div>
      <CardFoot
        left={<UsedBy pipelines={usedBy} />}
        actions={
          <>
            <IconAction
              label={text.download(name)}
              hint={words.common.download}
              icon={IconDownload}
              href={resourceContentUrl(name)}
            />
            {mayChange && (
              <IconAction
                label={text.delete(name)}
                hint={words.common.delete}
                icon={IconTrash}
                destroys
                onClick={remove.open}
              />
            )}
          </>
        }
      />
      <ResourceDetails resource={resource} mayChange={mayChange} opened={reading} onClose={details.close} />
      <ConfirmDelete
        title={text.delete(name)}
        question={text.deleteQuestion(name)}
        done={text.wasDeleted(name)}
        name={name}
        mutation={deleteResource}
        opened={deleting}
        onClose={remove.close}
      />
    </Card>
  );
}
