import { Group, SegmentedControl, Skeleton, Stack } from "@mantine/core";
import { useState } from "react";
import { usePipelineStatistics } from "../../../api/statistics.js";
import { AnswersChart } from "../../../components/charts/AnswersChart.jsx";
import { LatencyChart } from "../../../components/charts/LatencyChart.jsx";
import { QueryView } from "../../../components/QueryView.jsx";
import { words } from "../../../words.js";
import classes from "./FiguresTab.module.css";

/** @import { Period, Pipeline } from "../../../api/types.js" */

const text = words.pipelinePage.figures;
const PERIODS = /** @type {const} */ (["hour", "day", "week"]);

/**
 * How many calls were answered, how many failed, and how long each step took.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 */
export function FiguresTab({ pipeline }) {
  const [period, setPeriod] = useState(/** @type {Period} */ (PERIODS[0]));
  const statistics = usePipelineStatistics(pipeline.name, period);
  return (
    <Stack gap="md">
      <Group>
        <SegmentedControl
          aria-label={text.period}
          data={PERIODS.map((value) => ({ value, label: text.periods[value] }))}
          value={period}
          onChange={(next) => setPeriod(/** @type {Period} */ (next))}
        />
      </Group>
      <QueryView query={statistics} skeleton={<Skeleton height={280} />}>
        {(found) => (
          <div className={classes.charts}>
            <AnswersChart statistics={found} />
            <LatencyChart statistics={found} />
          </div>
        )}
      </QueryView>
    </Stack>
  );
}
