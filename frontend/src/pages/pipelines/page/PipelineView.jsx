import { Tabs } from "@mantine/core";
import { useModels } from "../../../api/models.js";
import { useMayChange } from "../../../api/session.js";
import { words } from "../../../words.js";
import { CallTab } from "./CallTab.jsx";
import { FilesTab } from "./FilesTab.jsx";
import { Flow } from "./Flow.jsx";
import { PipelineHead } from "./PipelineHead.jsx";
import classes from "./PipelineView.module.css";
import { SettingsTab } from "./SettingsTab.jsx";
import { SourceTab } from "./SourceTab.jsx";
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
  const model = useModels().data?.find(({ name }) => name === pipeline.model);

  /** @type {Record<Tab, React.ReactNode>} */
  const panels = {
    source: <SourceTab pipeline={pipeline} address={address} />,
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
      >
        <Tabs.List aria-label={text.tabsLabel} className={classes.tabs}>
          {TABS.map((tab) => (
            <Tabs.Tab key={tab} value={tab}>
              {text.tabs[tab]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map((tab) => (
          // What one has begun to try or to change is still there when one comes back.
          <Tabs.Panel key={tab} value={tab} keepMounted={tab === "settings"} pt="md">
            {panels[tab]}
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}
