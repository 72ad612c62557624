import { Text } from "@mantine/core";
import { Facts } from "../../../components/Facts.jsx";
import { words } from "../../../words.js";
import { Panel } from "../Panel.jsx";
import classes from "../Settings.module.css";
import { PasswordForm } from "./PasswordForm.jsx";

/** @import { Session } from "../../../api/types.js" */

const text = words.settings.account;

/**
 * Who one is, what one may do, and one's own password.
 *
 * @param {object} props
 * @param {Session} props.session
 */
export function AccountPart({ session }) {
  const { name, role, by, pipelines } = session;
  return (
    <div className={classes.columns}>
      <Panel title={words.settings.parts.account}>
        <Facts
          facts={[
            [text.signedIn, name],
            [text.by, text.ways[by]],
            [words.roles.label, role],
            [text.may, words.roles.may[role]],
            .../** @type {[string, string][]} */ (
              pipelines ? [[words.roles.pipelines, pipelines.join(", ") || words.common.none]] : []
            ),
          ]}
        />
      </Panel>
      <Panel title={text.password}>
        {by === "password" ? (
          <PasswordForm />
        ) : (
          <Text size="sm">
            {by === "token" && role !== "ADMIN" ? text.tokenOfReader : text.noPassword[by]}
          </Text>
        )}
      </Panel>
    </div>
  );
}
