import { Select, TextInput } from "@mantine/core";
import { showNetwork } from "../../../lib/network.js";
import { words } from "../../../words.js";
import { CHOICES } from "./network.js";

/** @import { System } from "../../../api/types.js" */
/** @import { Values } from "./editing.js" */

const { fields, hints, network: text } = words.pipelinePage;

/**
 * What the scripts may reach: as the server has it, nothing, everything, or some ports.
 *
 * @param {object} props
 * @param {import("@mantine/form").UseFormReturnType<Values>} props.form
 * @param {System} props.system
 */
export function NetworkField({ form, system }) {
  const { choice, ports } = form.values.network;
  const error = form.errors.network;
  return (
    <>
      <Select
        label={fields.network}
        description={hints.network}
        data={CHOICES.map((value) => ({
          value,
          label: labelOf(value, system),
          disabled: value === "ports" && !system.sandbox.ports,
        }))}
        allowDeselect={false}
        value={choice}
        onChange={(next) =>
          form.setFieldValue("network", { ports, choice: /** @type {typeof choice} */ (next ?? "default") })
        }
        error={choice !== "ports" && error}
      />
      {choice === "ports" && (
        <TextInput
          label={text.which}
          description={text.portsHint}
          value={ports}
          onChange={(event) => form.setFieldValue("network", { choice, ports: event.currentTarget.value })}
          error={error}
        />
      )}
    </>
  );
}

/**
 * @param {typeof CHOICES[number]} choice
 * @param {System} system
 * @returns {string}
 */
function labelOf(choice, system) {
  if (choice === "default") return text.default(showNetwork(system.network));
  return choice === "ports" && !system.sandbox.ports ? text.portsNotHeld : text[choice];
}
