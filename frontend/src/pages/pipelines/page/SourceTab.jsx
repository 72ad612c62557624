import { Anchor, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { Link } from "wouter";
import { resourceLink } from "../../../lib/links.js";
import { words } from "../../../words.js";
import { RepairScript } from "./RepairScript.jsx";

/** @import { Pipeline } from "../../../api/types.js" */

const text = words.pipelinePage;
/** Letters that fit side by side on a phone. */
const SHORT = 30;

/**
 * The pipeline's scripts and helper modules, to read and to edit.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {ReturnType<typeof import("./useAddress.js").useAddress>} props.address
 */
export function SourceTab({ pipeline, address }) {
  const { preProcessing, postProcessing, dataFiles } = pipeline;
  const modules = dataFiles.filter((name) => name.endsWith(".py"));
  const names = [...new Set([preProcessing, postProcessing, ...modules])].filter((name) => name !== null);
  if (names.length === 0) return <Text c="dimmed">{text.noScripts}</Text>;
  const shown = names.find((name) => name === address.item) ?? names[0];
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        {names.length > 1 && (
          <SegmentedControl
            aria-label={text.scripts}
            data={names}
            maw="100%"
            // Side by side, long names would be cut; below one another they wrap.
            orientation={names.join("").length > SHORT ? "vertical" : "horizontal"}
            styles={{ label: { whiteSpace: "normal", overflowWrap: "anywhere" } }}
            value={shown}
            onChange={(name) => address.go("source", name)}
          />
        )}
        <Anchor component={Link} href={resourceLink(shown)} size="sm" style={{ overflowWrap: "anywhere" }}>
          {text.toResource(shown)}
        </Anchor>
      </Group>
      <RepairScript key={shown} script={shown} compact={false} />
    </Stack>
  );
}
