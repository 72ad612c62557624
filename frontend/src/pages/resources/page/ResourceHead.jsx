import { IconDownload, IconPencil, IconTrash, IconUpload } from "@tabler/icons-react";
import { resourceContentUrl } from "../../../api/resources.js";
import { Age, HeadAction, ItemHead } from "../../../components/ItemHead.jsx";
import { PipelineLinks } from "../../../components/PipelineLinks.jsx";
import { words } from "../../../words.js";
import classes from "./ResourceHead.module.css";

/** @import { Resource } from "../../../api/types.js" */
/** @import { ResourceDialogs } from "../useResourceDialogs.jsx" */

const text = words.resources;

/**
 * What a resource is, who uses it, and what can be done with the whole of it.
 *
 * @param {object} props
 * @param {Resource} props.resource
 * @param {boolean} props.mayChange
 * @param {ResourceDialogs} props.open
 */
export function ResourceHead({ resource, mayChange, open }) {
  const { name, kind, usedBy } = resource;
  return (
    <section aria-label={words.resources.kinds[kind]}>
      <ItemHead
        back="/resources"
        backLabel={text.title}
        actions={
          <>
            <HeadAction icon={IconDownload} label={words.common.download} href={resourceContentUrl(name)} />
            {mayChange && (
              <>
                <HeadAction icon={IconUpload} label={text.replace} onClick={() => open.replace(resource)} />
                <HeadAction icon={IconPencil} label={text.rename} onClick={() => open.rename(resource)} />
                <HeadAction
                  icon={IconTrash}
                  label={words.common.delete}
                  onClick={() => open.remove(resource)}
                />
              </>
            )}
          </>
        }
      >
        <Age of={resource} />
      </ItemHead>
      <p className={classes.explained}>
        {text.kindExplained[kind]} {text.usedIn(usedBy.length)}{" "}
        {usedBy.length > 0 && <PipelineLinks names={usedBy} />}
      </p>
    </section>
  );
}
