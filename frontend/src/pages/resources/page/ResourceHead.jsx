import { Button } from "@mantine/core";
import { IconArrowLeft, IconDownload, IconPencil, IconTrash, IconUpload } from "@tabler/icons-react";
import { Link } from "wouter";
import { resourceContentUrl } from "../../../api/resources.js";
import { PipelineLinks } from "../../../components/PipelineLinks.jsx";
import { Time } from "../../../components/Time.jsx";
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
  const { name, kind, revision, createdAt, usedBy } = resource;
  return (
    <section className={classes.head} aria-label={words.resources.kinds[kind]}>
      <div className={classes.line}>
        <Link href="/resources" className={classes.back}>
          <IconArrowLeft size={15} aria-hidden="true" />
          {text.title}
        </Link>
        <span className={classes.quiet}>
          {text.revision(revision)}, {words.common.added.toLowerCase()} <Time at={createdAt} />
        </span>
        <div className={classes.actions}>
          <Button
            component="a"
            href={resourceContentUrl(name)}
            download
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={15} stroke={1.7} aria-hidden="true" />}
          >
            {words.common.download}
          </Button>
          {mayChange && (
            <>
              <Action icon={IconUpload} label={text.replace} onClick={() => open.replace(resource)} />
              <Action icon={IconPencil} label={text.rename} onClick={() => open.rename(resource)} />
              <Action icon={IconTrash} label={words.common.delete} onClick={() => open.remove(resource)} />
            </>
          )}
        </div>
      </div>
      <p className={classes.explained}>
        {text.kindExplained[kind]} {text.usedIn(usedBy.length)}{" "}
        {usedBy.length > 0 && <PipelineLinks names={usedBy} />}
      </p>
    </section>
  );
}

/**
 * @param {object} props
 * @param {React.ComponentType<any>} props.icon
 * @param {string} props.label
 * @param {() => void} props.onClick
 */
function Action({ icon: Icon, label, onClick }) {
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<Icon size={15} stroke={1.7} aria-hidden="true" />}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}
