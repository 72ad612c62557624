import { Loader } from "@mantine/core";
import { IconAlertTriangle, IconPackage } from "@tabler/icons-react";
import { words } from "../../words.js";
import classes from "./PackagesLine.module.css";

/** @import { Environment } from "../../api/types.js" */

/**
 * What a script needs and how that is doing, on a card; the way to more where there is one.
 *
 * @param {object} props
 * @param {Environment} props.environment
 * @param {() => void} [props.onClick]
 */
export function PackagesLine({ environment: { state, requires }, onClick }) {
  const shown = (
    <>
      {state === "building" ? (
        <Loader size={14} aria-hidden="true" />
      ) : state === "failed" || state === "off" ? (
        <IconAlertTriangle size={14} aria-hidden="true" />
      ) : (
        <IconPackage size={14} aria-hidden="true" />
      )}
      <span>{words.environments.card[state](words.environments.some(requires))}</span>
    </>
  );
  return onClick ? (
    <button type="button" className={classes.line} data-state={state} onClick={onClick}>
      {shown}
    </button>
  ) : (
    <div className={classes.line} data-state={state}>
      {shown}
    </div>
  );
}
