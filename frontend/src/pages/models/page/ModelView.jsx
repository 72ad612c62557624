import { Tabs, Title } from "@mantine/core";
import { IconDownload, IconPencil, IconTrash, IconUpload } from "@tabler/icons-react";
import { useId } from "react";
import { Link } from "wouter";
import { modelContentUrl, modelPredictionsUrl } from "../../../api/models.js";
import { Age, HeadAction, ItemHead } from "../../../components/ItemHead.jsx";
import { TryIt } from "../../../components/run/TryIt.jsx";
import { Snippets } from "../../../components/snippets/Snippets.jsx";
import { batchLink, newScriptLink } from "../../../lib/links.js";
import { words } from "../../../words.js";
import { ActiveSwitch } from "../ActiveSwitch.jsx";
import { ModelFacts } from "../ModelFacts.jsx";
import { TensorTable } from "../TensorTable.jsx";
import classes from "./ModelView.module.css";

/** @import { Model } from "../../../api/types.js" */

const text = words.models;

/**
 * A model that is there.
 *
 * @param {object} props
 * @param {Model} props.model
 * @param {boolean} props.mayChange
 * @param {import("../useModelDialogs.jsx").ModelDialogs} props.open
 * @param {React.ReactNode} props.children what lately happened to it
 */
export function ModelView({ model, mayChange, open, children }) {
  const { name, description } = model;
  return (
    <div className={classes.page}>
      <section aria-label={text.overview}>
        <ItemHead
          back="/models"
          backLabel={text.title}
          actions={
            <>
              <HeadAction icon={IconDownload} label={words.common.download} href={modelContentUrl(name)} />
              {mayChange && (
                <>
                  <HeadAction icon={IconUpload} label={text.replace} onClick={() => open.replace(model)} />
                  <HeadAction icon={IconPencil} label={text.edit} onClick={() => open.edit(model)} />
                  <HeadAction
                    icon={IconTrash}
                    label={words.common.delete}
                    onClick={() => open.remove(model)}
                  />
                </>
              )}
            </>
          }
        >
          <ActiveSwitch
            model={model}
            onChange={mayChange ? (active) => open.setActive(model, active) : null}
          />
          <Age of={model} />
        </ItemHead>
        {description && <p className={classes.description}>{description}</p>}
      </section>
      {children}
      <div className={classes.columns}>
        <div className={classes.main}>
          <div className={classes.panel}>
            <TensorTable title={text.inputs} tensors={model.inputs} />
            <TensorTable title={text.outputs} tensors={model.outputs} />
          </div>
          <Tabs defaultValue="try" className={classes.panel}>
            <Tabs.List aria-label={text.tabsLabel}>
              <Tabs.Tab value="try">{text.tryIt}</Tabs.Tab>
              <Tabs.Tab value="call">{text.call}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="try">
              <TryIt kind="models" name={name} takesFile={false} inputs={model.inputs} />
            </Tabs.Panel>
            <Tabs.Panel value="call" keepMounted={false}>
              <Snippets
                url={modelPredictionsUrl(name)}
                // A pipeline of the same name would answer in its place.
                protocolName={`model.${name}`}
                takesFile={false}
                givesResult={false}
                sample={null}
                inputs={model.inputs}
              />
            </Tabs.Panel>
          </Tabs>
        </div>
        <Panel title={text.detailsTitle}>
          <ModelFacts model={model} />
          <div className={classes.links}>
            <Link href={batchLink("models", name)}>{text.batch}</Link>
            {mayChange && <Link href={newScriptLink(name)}>{text.newScript}</Link>}
          </div>
        </Panel>
      </div>
    </div>
  );
}

/**
 * @param {object} props
 * @param {string} props.title
 * @param {React.ReactNode} props.children
 */
function Panel({ title, children }) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <Title id={id} order={2} className={classes.title}>
        {title}
      </Title>
      {children}
    </section>
  );
}
