import { ScriptEditor } from "../../../components/editor/ScriptEditor.jsx";
import { Packages } from "../../../components/environment/Packages.jsx";
import { Facts } from "../../../components/Facts.jsx";
import { Notice } from "../../../components/Notice.jsx";
import { Time } from "../../../components/Time.jsx";
import { formatExactBytes } from "../../../lib/format.js";
import { words } from "../../../words.js";
import { isPicture, Picture } from "./Picture.jsx";
import { ResourceHead } from "./ResourceHead.jsx";
import classes from "./ResourceView.module.css";

/** @import { Resource } from "../../../api/types.js" */
/** @import { ResourceDialogs } from "../useResourceDialogs.jsx" */

const text = words.resources;

/**
 * A resource that is there.
 *
 * @param {object} props
 * @param {Resource} props.resource
 * @param {boolean} props.mayChange
 * @param {ResourceDialogs} props.open
 * @param {React.ReactNode} props.children what was done to it last
 */
export function ResourceView({ resource, mayChange, open, children }) {
  const { name, warnings, environment, sizeBytes, createdAt, sha256 } = resource;
  return (
    <div className={classes.page}>
      <ResourceHead resource={resource} mayChange={mayChange} open={open} />
      {/* Who writes is told by the check as he writes. */}
      {!mayChange && warnings.length > 0 && (
        <Notice tone="warning" title={words.common.warnings(warnings.length)}>
          {warnings.map((warning) => (
            <div key={warning.message}>{warning.message}</div>
          ))}
        </Notice>
      )}
      {children}
      {isPicture(name) ? <Picture name={name} /> : <ScriptEditor name={name} />}
      <section className={classes.facts} aria-label={text.facts}>
        <Facts
          facts={[
            ...(environment
              ? [
                  /** @type {[string, React.ReactNode]} */ ([
                    words.environments.title,
                    <Packages key="packages" environment={environment} mayChange={mayChange} />,
                  ]),
                ]
              : []),
            [words.common.size, formatExactBytes(sizeBytes)],
            [words.models.sha256, sha256],
            [words.common.added, <Time key="added" at={createdAt} />],
          ]}
        />
      </section>
    </div>
  );
}
