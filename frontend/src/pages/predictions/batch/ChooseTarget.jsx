import { Button, Group, SegmentedControl, Select } from "@mantine/core";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { useModels } from "../../../api/models.js";
import { usePipelines } from "../../../api/pipelines.js";
import { ErrorState } from "../../../components/ErrorState.jsx";
import { FormSkeleton } from "../../../components/FormSkeleton.jsx";
import { words } from "../../../words.js";
import classes from "./Batch.module.css";
import { Expects } from "./Expects.jsx";

/** @import { Target } from "./useBatch.js" */
/** @typedef {Target["kind"]} Kind */

const text = words.batch;
/** @type {Kind[]} */
const KINDS = ["pipelines", "models"];

/**
 * The first stage: what the files are to go through. The address may have chosen it: `?pipelines=digits`.
 *
 * @param {object} props
 * @param {Target | null} props.chosen
 * @param {(target: Target | null) => void} props.onChoose
 * @param {(target: Target) => void} props.onNext
 */
export function ChooseTarget({ chosen, onChoose, onNext }) {
  const pipelines = usePipelines();
  const models = useModels();
  const [params] = useSearchParams();
  const asked = KINDS.find((each) => params.has(each));
  const [kind, setKind] = useState(/** @type {Kind} */ (chosen?.kind ?? asked ?? "pipelines"));
  const [isMissing, setMissing] = useState(false);

  const error = pipelines.error ?? models.error;
  if (!pipelines.data || !models.data) {
    if (error) return <ErrorState error={error} />;
    return (
      <div className={classes.form}>
        <FormSkeleton />
      </div>
    );
  }
  const names = (kind === "pipelines" ? pipelines.data : models.data).map(({ name }) => name);
  const wanted = chosen?.kind === kind ? chosen.name : asked === kind ? params.get(kind) : null;
  const name = wanted !== null && names.includes(wanted) ? wanted : null;
  const target = name === null ? null : { kind, name };

  const submit = (/** @type {React.FormEvent} */ event) => {
    event.preventDefault();
    setMissing(!target);
    if (!target) return;
    onChoose(target);
    onNext(target);
  };
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <SegmentedControl
        aria-label={text.kind}
        value={kind}
        onChange={(value) => {
          setKind(/** @type {Kind} */ (value));
          setMissing(false);
        }}
        data={KINDS.map((value) => ({ value, label: text.kinds[value] }))}
      />
      <Select
        label={text.kinds[kind]}
        placeholder={text.choose[kind]}
        data={names}
        value={name}
        onChange={(value) => {
          onChoose(value === null ? null : { kind, name: value });
          setMissing(false);
        }}
        searchable
        required
        withAsterisk
        disabled={names.length === 0}
        error={isMissing && text.missing[kind]}
        nothingFoundMessage={text.noMatch}
        description={names.length === 0 ? text.none[kind] : undefined}
      />
      {target && <Expects target={target} />}
      <Group justify="flex-end">
        <Button type="submit">{text.next}</Button>
      </Group>
    </form>
  );
}
