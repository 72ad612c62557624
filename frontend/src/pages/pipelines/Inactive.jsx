import { Anchor } from "@mantine/core";
import { Link } from "wouter";
import { modelLink } from "../../lib/links.js";
import { words } from "../../words.js";
import classes from "./Inactive.module.css";

/**
 * Why a pipeline is inactive, and the way to what switches it on; nothing while it isn't.
 *
 * @param {object} props
 * @param {import("../../api/types.js").Pipeline} props.pipeline
 */
export function Inactive({ pipeline: { state, reason, model } }) {
  if (state !== "inactive") return null;
  return (
    <div className={classes.inactive}>
      {reason ?? words.states.hints.inactive}{" "}
      <Anchor component={Link} href={modelLink(model)} inherit underline="always">
        {words.pipelines.toModel}
      </Anchor>
    </div>
  );
}
