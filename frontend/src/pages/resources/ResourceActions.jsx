import { IconDownload, IconTrash } from "@tabler/icons-react";
import { resourceContentUrl } from "../../api/resources.js";
import { IconAction } from "../../components/IconAction.jsx";
import { words } from "../../words.js";

/** @import { Resource } from "../../api/types.js" */
/** @import { ResourceDialogs } from "./useResourceDialogs.jsx" */

const text = words.resources;

/**
 * What can be done with a resource from a card or a row.
 *
 * @param {object} props
 * @param {Resource} props.resource
 * @param {boolean} props.mayChange
 * @param {ResourceDialogs} props.open
 */
export function ResourceActions({ resource, mayChange, open }) {
  const { name } = resource;
  return (
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
          onClick={() => open.remove(resource)}
        />
      )}
    </>
  );
}
