import { ActionIcon, Button, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useEffect, useId, useRef } from "react";
import { words } from "../../../words.js";
import classes from "./EditForm.module.css";

/** @import { Values } from "./editing.js" */

const { fields, variables: text } = words.pipelinePage;

/**
 * Names and values that the scripts are given, one pair a row.
 *
 * @param {object} props
 * @param {import("@mantine/form").UseFormReturnType<Values>} props.form
 */
export function VariableFields({ form }) {
  const { variables } = form.values;
  const error = form.errors.variables;
  const errorId = useId();
  const rows = useRef(/** @type {HTMLDivElement | null} */ (null));
  const wasAdded = useRef(false);
  const set = (/** @type {Values["variables"]} */ next) => form.setFieldValue("variables", next);
  const write = (/** @type {number} */ at, /** @type {[string, string]} */ pair) =>
    set(variables.map((before, i) => (i === at ? pair : before)));
  const count = variables.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there is another row
  useEffect(() => {
    if (!wasAdded.current) return;
    wasAdded.current = false;
    /** @type {HTMLInputElement | null | undefined} */ (
      rows.current?.querySelector("[data-variable]:last-of-type input")
    )?.focus();
  }, [count]);
  return (
    <fieldset className={classes.fields} aria-describedby={error ? errorId : undefined}>
      <legend className={classes.legend}>{fields.variables}</legend>
      <Stack gap="xs">
        <Text size="xs" c="dimmed">
          {text.hint}
        </Text>
        {count === 0 && <Text size="sm">{text.none}</Text>}
        <div ref={rows} className={classes.variables}>
          {variables.map(([name, value], i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and come and go at the end
            <div key={i} className={classes.variable} data-variable>
              <TextInput
                aria-label={text.name(i + 1)}
                placeholder={text.namePlaceholder}
                value={name}
                onChange={(event) => write(i, [event.currentTarget.value, value])}
                error={Boolean(error)}
                spellCheck={false}
              />
              <TextInput
                aria-label={text.value(i + 1)}
                placeholder={text.valuePlaceholder}
                value={value}
                onChange={(event) => write(i, [name, event.currentTarget.value])}
                spellCheck={false}
              />
              <ActionIcon
                aria-label={text.remove(name)}
                onClick={() => set(variables.filter((_, at) => at !== i))}
              >
                <IconX size={16} aria-hidden="true" />
              </ActionIcon>
            </div>
          ))}
        </div>
        {error && (
          <Text id={errorId} size="xs" c="var(--broken)" role="alert">
            {error}
          </Text>
        )}
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={15} aria-hidden="true" />}
            onClick={() => {
              wasAdded.current = true;
              set([...variables, ["", ""]]);
            }}
          >
            {text.add}
          </Button>
        </div>
      </Stack>
    </fieldset>
  );
}

/**
 * @param {Values["variables"]} variables
 * @returns {string | null} what is wrong with them
 */
export function checkVariables(variables) {
  const names = variables.filter(([name, value]) => name || value).map(([name]) => name.trim());
  if (names.includes("")) return text.nameMissing;
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  return twice === undefined ? null : text.twice(twice);
}
