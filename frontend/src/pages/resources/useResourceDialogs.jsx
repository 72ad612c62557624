import { useMemo, useState } from "react";
import { useDeleteResource } from "../../api/resources.js";
import { ConfirmDelete } from "../../components/ConfirmDelete.jsx";
import { words } from "../../words.js";
import { RenameResource } from "./RenameResource.jsx";
import { ReplaceResource } from "./ReplaceResource.jsx";
import { ResourceDetails } from "./ResourceDetails.jsx";

/** @import { ReplacedResource, Resource } from "../../api/types.js" */
/** @typedef {"details" | "remove" | "rename" | "replace"} Dialog */

const text = words.resources;

/**
 * What cards, rows and a resource's page can open; it stays the same, so that nothing is drawn anew for it.
 *
 * @typedef {Record<Dialog, (resource: Resource) => void>} ResourceDialogs
 */

/**
 * The dialogs of all resources, one of each for the page.
 *
 * @param {object} options
 * @param {readonly Resource[] | undefined} options.resources as they are now
 * @param {boolean} options.mayChange
 * @param {() => void} [options.onDeleted]
 * @param {(result: ReplacedResource) => void} [options.onReplaced]
 * @returns {{open: ResourceDialogs, dialogs: React.ReactNode}}
 */
export function useResourceDialogs({ resources, mayChange, onDeleted, onReplaced }) {
  const [target, setTarget] = useState(/** @type {Resource | null} */ (null));
  const [dialog, setDialog] = useState(/** @type {Dialog | null} */ (null));
  const deleteResource = useDeleteResource();

  const open = useMemo(() => {
    const opener = (/** @type {Dialog} */ which) => (/** @type {Resource} */ resource) => {
      setTarget(resource);
      setDialog(which);
    };
    return {
      details: opener("details"),
      remove: opener("remove"),
      rename: opener("rename"),
      replace: opener("replace"),
    };
  }, []);

  const close = () => setDialog(null);
  // Packages go on being installed while one looks at them; and a dialog stays in place while it closes.
  const shown = resources?.find(({ id }) => id === target?.id) ?? target;
  const dialogs = shown && (
    <>
      <ResourceDetails resource={shown} mayChange={mayChange} opened={dialog === "details"} onClose={close} />
      <RenameResource resource={shown} opened={dialog === "rename"} onClose={close} />
      <ReplaceResource
        resource={shown}
        opened={dialog === "replace"}
        onClose={close}
        onReplaced={onReplaced}
      />
      <ConfirmDelete
        title={text.delete(shown.name)}
        question={text.deleteQuestion(shown.name)}
        done={text.wasDeleted(shown.name)}
        name={shown.name}
        usedBy={shown.usedBy}
        mutation={deleteResource}
        opened={dialog === "remove"}
        onClose={close}
        onDeleted={onDeleted}
      />
    </>
  );
  return { open, dialogs };
}
