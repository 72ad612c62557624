import { PipelineLinks } from "../../components/PipelineLinks.jsx";
import { words } from "../../words.js";
import classes from "./Settings.module.css";

/**
 * A table's cell: a role with what it may do; for PREDICT the pipelines themselves.
 *
 * @param {object} props
 * @param {import("../../api/types.js").Role} props.role
 * @param {string[] | null} [props.pipelines]
 */
export function RoleCell({ role, pipelines = null }) {
  return (
    <td className={classes.role}>
      {role}
      <span className={classes.note}>
        {pipelines === null ? (
          words.roles.short[role]
        ) : pipelines.length > 0 ? (
          <PipelineLinks names={pipelines} />
        ) : (
          words.common.none
        )}
      </span>
    </td>
  );
}
