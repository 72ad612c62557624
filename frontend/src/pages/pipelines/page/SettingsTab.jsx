import { useModels } from "../../../api/models.js";
import { useResources } from "../../../api/resources.js";
import { useSystem } from "../../../api/session.js";
import { FormSkeleton } from "../../../components/FormSkeleton.jsx";
import { QueryView } from "../../../components/QueryView.jsx";
import { EditForm } from "./EditForm.jsx";
import { Secrets } from "./Secrets.jsx";
import { SettingsFacts } from "./SettingsFacts.jsx";

/** @import { Pipeline } from "../../../api/types.js" */

/**
 * What a pipeline is made of and what it may use: to change, or only to read.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {boolean} props.mayChange
 */
export function SettingsTab({ pipeline, mayChange }) {
  const models = useModels();
  const resources = useResources();
  const system = useSystem();
  return (
    <QueryView query={system} skeleton={<FormSkeleton />}>
      {(limits) =>
        mayChange ? (
          <QueryView query={models} skeleton={<FormSkeleton />}>
            {(modelItems) => (
              <QueryView query={resources} skeleton={<FormSkeleton />}>
                {(resourceItems) => (
                  <>
                    <EditForm
                      pipeline={pipeline}
                      models={modelItems}
                      resources={resourceItems}
                      system={limits}
                    />
                    <Secrets pipeline={pipeline.name} mayChange />
                  </>
                )}
              </QueryView>
            )}
          </QueryView>
        ) : (
          <>
            <SettingsFacts pipeline={pipeline} system={limits} />
            <Secrets pipeline={pipeline.name} mayChange={false} />
          </>
        )
      }
    </QueryView>
  );
}
