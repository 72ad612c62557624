import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { memo } from "react";
import { Link } from "wouter";
import { PackagesLine } from "../../components/environment/PackagesLine.jsx";
import { IconAction } from "../../components/IconAction.jsx";
import { ListTable } from "../../components/list/ListTable.jsx";
import { SortHead } from "../../components/list/SortHead.jsx";
import { Time } from "../../components/Time.jsx";
import { formatBytes } from "../../lib/format.js";
import { resourceLink } from "../../lib/links.js";
import { words } from "../../words.js";
import { ResourceActions } from "./ResourceActions.jsx";
import cardClasses from "./ResourceCard.module.css";
import classes from "./ResourceTable.module.css";
import { UsedByLinks } from "./UsedByLinks.jsx";

/** @import { Resource } from "../../api/types.js" */
/** @import { ResourceDialogs } from "./useResourceDialogs.jsx" */

const text = words.resources;

/**
 * Resources as rows.
 *
 * @param {object} props
 * @param {import("../../components/list/useList.js").List<Resource>} props.list
 * @param {readonly Resource[]} props.resources those of the list that are shown by now
 * @param {boolean} props.mayChange
 * @param {ResourceDialogs} props.open
 */
export function ResourceTable({ list, resources, mayChange, open }) {
  return (
    <ListTable
      label={text.title}
      head={
        <>
          <SortHead list={list} sort="name" />
          <SortHead list={list} sort="kind" />
          <SortHead list={list} sort="used" />
          <th>{words.environments.title}</th>
          <SortHead list={list} sort="size" figures />
          <SortHead list={list} sort="created" />
          <th data-figures="true">{words.list.actions}</th>
        </>
      }
    >
      {resources.map((resource) => (
        <ResourceRow key={resource.id} resource={resource} mayChange={mayChange} open={open} />
      ))}
    </ListTable>
  );
}

/**
 * @param {object} props
 * @param {Resource} props.resource
 * @param {boolean} props.mayChange
 * @param {ResourceDialogs} props.open
 */
function PlainResourceRow({ resource, mayChange, open }) {
  const { name, kind, usedBy, environment, warnings, sizeBytes, createdAt } = resource;
  const openDetails = () => open.details(resource);
  return (
    <tr>
      <th scope="row">
        <Link href={resourceLink(name)} className={classes.name}>
          {name}
        </Link>
      </th>
      <td className={classes.kind}>{text.kinds[kind]}</td>
      <td className={classes.used}>
        <UsedByLinks pipelines={usedBy} />
      </td>
      <td>
        {environment && <PackagesLine environment={environment} onClick={openDetails} />}
        {warnings.length > 0 && (
          <button type="button" className={cardClasses.warnings} onClick={openDetails}>
            <IconAlertTriangle size={14} aria-hidden="true" />
            {words.common.warnings(warnings.length)}
          </button>
        )}
      </td>
      <td data-figures="true">{formatBytes(sizeBytes)}</td>
      <td className={classes.kind}>
        <Time at={createdAt} />
      </td>
      <td data-actions="true">
        <div className={classes.actions}>
          <IconAction
            label={text.details(name)}
            hint={text.detailsTitle}
            icon={IconInfoCircle}
            onClick={openDetails}
          />
          <ResourceActions resource={resource} mayChange={mayChange} open={open} />
        </div>
      </td>
    </tr>
  );
}

const ResourceRow = memo(PlainResourceRow);
