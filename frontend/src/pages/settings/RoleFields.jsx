import { MultiSelect, Radio, Stack } from "@mantine/core";
import { usePipelines } from "../../api/pipelines.js";
import { words } from "../../words.js";

/** @import { Role } from "../../api/types.js" */
/** @typedef {{role: Role, pipelines: string[]}} RoleValues */

const text = words.roles;

/**
 * The fields for what somebody, or a program, may do.
 *
 * @param {object} props
 * @param {readonly Role[]} props.roles to choose from
 * @param {import("@mantine/form").UseFormReturnType<any>} props.form one whose values are `RoleValues` and more
 */
export function RoleFields({ roles, form }) {
  const pipelines = usePipelines().data ?? [];
  return (
    <>
      <Radio.Group label={text.label} {...form.getInputProps("role")}>
        <Stack gap={10} mt={6}>
          {roles.map((role) => (
            <Radio key={role} value={role} label={role} description={text.may[role]} />
          ))}
        </Stack>
      </Radio.Group>
      {form.values.role === "PREDICT" && (
        <MultiSelect
          label={text.pipelines}
          description={text.pipelinesHint}
          placeholder={
            pipelines.length === 0
              ? text.noPipelines
              : form.values.pipelines.length === 0
                ? text.choosePipelines
                : undefined
          }
          data={pipelines.map(({ name }) => name)}
          disabled={pipelines.length === 0}
          searchable
          clearable
          {...form.getInputProps("pipelines")}
        />
      )}
    </>
  );
}

/**
 * @param {string[]} pipelines
 * @param {RoleValues} values
 * @returns {string | null} what is wrong with the choice
 */
export function checkPipelines(pipelines, { role }) {
  return role === "PREDICT" && pipelines.length === 0 ? text.pipelinesMissing : null;
}

/**
 * @param {RoleValues} values
 * @returns {{role: Role, pipelines?: string[]}} as the server takes them
 */
export function grantOf({ role, pipelines }) {
  return role === "PREDICT" ? { role, pipelines } : { role };
}
