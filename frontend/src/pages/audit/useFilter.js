import { useSearchParams } from "wouter";

/** @import { AuditFilter } from "../../api/audit.js" */

/** @type {(keyof AuditFilter)[]} */
const NAMES = ["q", "actor", "action", "subject"];

/**
 * What the log is searched for; it stands in the address, so that it can be shared.
 *
 * @returns {[AuditFilter, (change: Partial<AuditFilter>) => void]}
 */
export function useFilter() {
  const [params, setParams] = useSearchParams();
  const filter = /** @type {AuditFilter} */ (
    Object.fromEntries(NAMES.map((name) => [name, params.get(name) ?? ""]))
  );
  const change = (/** @type {Partial<AuditFilter>} */ changed) =>
    setParams(
      (current) => {
        const written = new URLSearchParams(current);
        for (const [name, value] of Object.entries(changed)) {
          if (value) written.set(name, value);
          else written.delete(name);
        }
        return written;
      },
      { replace: true },
    );
  return [filter, change];
}
