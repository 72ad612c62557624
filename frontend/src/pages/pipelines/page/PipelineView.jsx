import { Tabs } from "@mantine/core";
import { useState } from "react";
import { useModels } from "../../../api/models.js";
import { useMayChange } from "../../../api/session.js";
import { words } from "../../../words.js";
import { CallTab } from "./CallTab.jsx";
import { FailuresTab } from "./FailuresTab.jsx";
import { FailuresTitle } from "./FailuresTitle.jsx";
import { FiguresTab } from "./FiguresTab.jsx";
import { FilesTab } from "./FilesTab.jsx";
import { Flow } from "./Flow.jsx";
import { PipelineHead } from "./PipelineHead.jsx";
import classes from "./PipelineView.module.css";
import { SettingsTab } from "./SettingsTab.jsx";
import { SourceTab } from "./SourceTab.jsx";
import { TryTab } from "./TryTab.jsx";
import { TABS, useAddress } from "./useAddress.js";

/** @import { Pipeline } from "../../../api/types.js" */
/** @import { Tab } from "./useAddress.js" */

const text = words.pipelinePage;

/**
 * A pipeline that is there.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {string[]} props.names of all pipelines
 * @param {() => void} props.onDelete
 */
export function PipelineView({ pipeline, names, onDelete }) {
  const mayChange = useMayChange();
  const address = useAddress(pipeline.name);
  // Of a failed call, to be used again.
  const [input, setInput] = useState(/** @type {File | null} */ (null));
  const model = useModels().data?.find(({ name }) => name === pipeline.model);

  const runAgain = (/** @type {File} */ file) => {
    setInput(file);
    address.go("try");
  };
  /** @type {Record<Tab, React.ReactNode>} */
  const panels = {
    try: <TryTab pipeline={pipeline} model={model} input={input} />,
    source: <SourceTab pipeline={pipeline} address={address} />,
    failures: (
      <FailuresTab pipeline={pipeline} address={address} mayChange={mayChange} onUseAgain={runAgain} />
    ),
    figures: <FiguresTab pipeline={pipeline} />,
    call: <CallTab pipeline={pipeline} model={model} />,
    files: <FilesTab pipeline={pipeline} address={address} mayChange={mayChange} />,
    settings: <SettingsTab pipeline={pipeline} mayChange={mayChange} />,
  };
  return (
    <div className={classes.page}>
      <PipelineHead
        pipeline={pipeline}
        names={names}
        address={address}
        mayChange={mayChange}
        onDelete={onDelete}
      />
      <Flow pipeline={pipeline} model={model} address={address} />
      <Tabs
        value={address.tab}
        onChange={(tab) => tab && address.go(/** @type {Tab} */ (tab))}
        keepMounted={false}
        // What goes on in a tab goes on while one looks at another.
        keepMountedMode="display-none"
      >
        <Tabs.List aria-label={text.tabsLabel} className={classes.tabs}>
          {TABS.map((tab) => (
            <Tabs.Tab key={tab} value={tab}>
              {tab === "failures" ? <FailuresTitle name={pipeline.name} /> : text.tabs[tab]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map((tab) => (
          // What one has begun to try or to change is still there when one comes back.
          <Tabs.Panel key={tab} value={tab} keepMounted={tab === "try" || tab === "settings"} pt="md">
            {panels[tab]}
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}
