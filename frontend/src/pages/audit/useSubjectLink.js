import { useModels } from "../../api/models.js";
import { usePipelines } from "../../api/pipelines.js";
import { useResources } from "../../api/resources.js";
import { modelLink, pipelineLink, resourceLink } from "../../lib/links.js";

/** @import { AuditEntry } from "../../api/types.js" */

/**
 * How to find the page of what was changed, as far as that still exists; by its id, for its name may be another now.
 *
 * @returns {(subject: AuditEntry["subject"]) => string | null}
 */
export function useSubjectLink() {
  const pages = {
    pipeline: { items: usePipelines().data, link: pipelineLink },
    model: { items: useModels().data, link: modelLink },
    resource: { items: useResources().data, link: resourceLink },
  };
  return (subject) => {
    const page = /** @type {Record<string, (typeof pages)["pipeline"] | undefined>} */ (pages)[
      subject?.kind ?? ""
    ];
    const found = page?.items?.find(({ id }) => id === subject?.id);
    return page && found ? page.link(found.name) : null;
  };
}
