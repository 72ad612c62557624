import { Button, NativeSelect, Pill } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { auditLinesUrl } from "../../api/audit.js";
import { SearchField } from "../../components/list/SearchField.jsx";
import { ToolLine } from "../../components/list/ToolLine.jsx";
import { words } from "../../words.js";
import classes from "./Audit.module.css";

/** @import { AuditFilter } from "../../api/audit.js" */

const text = words.audit;

/**
 * The line above the log: search, kind, the person and thing that were chosen, and a way to have all of it as a file.
 *
 * @param {object} props
 * @param {AuditFilter} props.filter
 * @param {(change: Partial<AuditFilter>) => void} props.change
 */
export function AuditTools({ filter, change }) {
  const kinds = Object.entries(text.kinds).map(([value, label]) => ({ value, label }));
  const isOther = filter.action && !kinds.some(({ value }) => value === filter.action);
  return (
    <ToolLine>
      <SearchField label={text.search} value={filter.q} maxLength={200} onChange={(q) => change({ q })} />
      <NativeSelect
        aria-label={text.kind}
        data={isOther ? [...kinds, { value: filter.action, label: filter.action }] : kinds}
        value={filter.action}
        onChange={(event) => change({ action: event.currentTarget.value })}
      />
      {filter.actor && (
        <Chosen label={text.chosenActor(filter.actor)} onRemove={() => change({ actor: "" })} />
      )}
      {filter.subject && (
        <Chosen label={text.chosenSubject(filter.subject)} onRemove={() => change({ subject: "" })} />
      )}
      <Button
        component="a"
        href={auditLinesUrl(filter)}
        download
        variant="default"
        className={classes.download}
        leftSection={<IconDownload size={16} aria-hidden="true" />}
      >
        {words.common.download}
      </Button>
    </ToolLine>
  );
}

/**
 * @param {object} props
 * @param {string} props.label
 * @param {() => void} props.onRemove
 */
function Chosen({ label, onRemove }) {
  return (
    <Pill
      size="md"
      className={classes.chosen}
      withRemoveButton
      onRemove={onRemove}
      removeButtonProps={{ "aria-label": text.unchoose(label), "aria-hidden": false, tabIndex: 0 }}
    >
      {label}
    </Pill>
  );
}
