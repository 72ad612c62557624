import { IconInfoCircle } from "@tabler/icons-react";
import { memo } from "react";
import { Link } from "wouter";
import { IconAction } from "../../components/IconAction.jsx";
import { ListTable } from "../../components/list/ListTable.jsx";
import { SortHead } from "../../components/list/SortHead.jsx";
import { Time } from "../../components/Time.jsx";
import { UsedBy } from "../../components/UsedBy.jsx";
import { formatBytes } from "../../lib/format.js";
import { modelLink } from "../../lib/links.js";
import { words } from "../../words.js";
import { ActiveSwitch } from "./ActiveSwitch.jsx";
import { ModelActions } from "./ModelActions.jsx";
import classes from "./ModelTable.module.css";
import { TensorLine } from "./TensorLines.jsx";

/** @import { Model } from "../../api/types.js" */
/** @import { ModelDialogs } from "./useModelDialogs.jsx" */

const text = words.models;

/**
 * Models as rows.
 *
 * @param {object} props
 * @param {import("../../components/list/useList.js").List<Model>} props.list
 * @param {readonly Model[]} props.models those of the list that are shown by now
 * @param {boolean} props.mayChange
 * @param {ModelDialogs} props.open
 */
export function ModelTable({ list, models, mayChange, open }) {
  return (
    <ListTable
      label={text.title}
      head={
        <>
          <SortHead list={list} sort="name" />
          <SortHead list={list} sort="state" />
          <th>{text.inputs}</th>
          <th>{text.outputs}</th>
          <SortHead list={list} sort="size" figures />
          <SortHead list={list} sort="created" />
          <SortHead list={list} sort="used" />
          <th data-figures="true">{words.list.actions}</th>
        </>
      }
    >
      {models.map((model) => (
        <ModelRow key={model.id} model={model} mayChange={mayChange} open={open} />
      ))}
    </ListTable>
  );
}

/**
 * @param {object} props
 * @param {Model} props.model
 * @param {boolean} props.mayChange
 * @param {ModelDialogs} props.open
 */
function PlainModelRow({ model, mayChange, open }) {
  const { name } = model;
  return (
    <tr>
      <th scope="row">
        <Link href={modelLink(name)} className={classes.name}>
          {name}
        </Link>
        {model.description && <div className={classes.description}>{model.description}</div>}
      </th>
      <td className={classes.state}>
        <ActiveSwitch model={model} onChange={mayChange ? (active) => open.setActive(model, active) : null} />
      </td>
      {[model.inputs, model.outputs].map((tensors, side) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: there are always these two
        <td key={side} className={classes.tensors}>
          {tensors.slice(0, 2).map((tensor) => (
            <TensorLine key={tensor.name} tensor={tensor} />
          ))}
          {tensors.length > 2 && <span className={classes.quiet}>{text.more(tensors.length - 2)}</span>}
        </td>
      ))}
      <td data-figures="true">{formatBytes(model.sizeBytes)}</td>
      <td className={classes.time}>
        <Time at={model.createdAt} />
      </td>
      <td className={classes.quiet}>
        <UsedBy pipelines={model.usedBy} />
      </td>
      <td data-actions="true">
        <div className={classes.actions}>
          <IconAction
            label={text.details(name)}
            hint={text.detailsTitle}
            icon={IconInfoCircle}
            onClick={() => open.details(model)}
          />
          <ModelActions model={model} mayChange={mayChange} open={open} />
        </div>
      </td>
    </tr>
  );
}

const ModelRow = memo(PlainModelRow);
