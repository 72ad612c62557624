import { Anchor } from "@mantine/core";
import { environmentLogUrl } from "../../api/environments.js";
import { words } from "../../words.js";
import classes from "./PackagesHint.module.css";

/** @import { Resource } from "../../api/types.js" */

const text = words.environments;

/**
 * Below a field's own hint: which chosen files need packages that aren't installed.
 *
 * @param {object} props
 * @param {string} props.hint the field's own
 * @param {Resource[]} props.chosen
 */
export function PackagesHint({ hint, chosen }) {
  return (
    <>
      {hint}
      {chosen.map(({ name, environment }) => {
        if (!environment || environment.state === "ready") return null;
        const { state, requires } = environment;
        return (
          <span key={name} className={classes.hint} data-state={state}>
            {text.field(name, text.some(requires))} {text.fields[state]}{" "}
            {state === "failed" && (
              <Anchor
                inherit
                underline="always"
                href={environmentLogUrl(environment)}
                target="_blank"
                rel="noopener"
              >
                {text.openLog}
              </Anchor>
            )}
          </span>
        );
      })}
    </>
  );
}
