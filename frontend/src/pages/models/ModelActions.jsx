import { IconDownload, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { modelContentUrl } from "../../api/models.js";
import { IconAction } from "../../components/IconAction.jsx";
import { words } from "../../words.js";

/** @import { Model } from "../../api/types.js" */
/** @import { ModelDialogs } from "./useModelDialogs.jsx" */

const text = words.models;

/**
 * What can be done with a model from a card or a row.
 *
 * @param {object} props
 * @param {Model} props.model
 * @param {boolean} props.mayChange
 * @param {ModelDialogs} props.open
 */
export function ModelActions({ model, mayChange, open }) {
  const { name } = model;
  return (
    <>
      <IconAction
        label={text.run(name)}
        hint={words.run.submit}
        icon={IconPlayerPlay}
        onClick={() => open.run(model)}
      />
      <IconAction
        label={text.download(name)}
        hint={words.common.download}
        icon={IconDownload}
        href={modelContentUrl(name)}
      />
      {mayChange && (
        <IconAction
          label={text.delete(name)}
          hint={words.common.delete}
          icon={IconTrash}
          destroys
          onClick={() => open.remove(model)}
        />
      )}
    </>
  );
}
