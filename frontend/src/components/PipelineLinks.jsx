import { Fragment } from "react";
import { Link } from "wouter";
import { pipelineLink } from "../lib/links.js";
import classes from "./PipelineLinks.module.css";

/**
 * Pipelines by name, each a way to its page.
 *
 * @param {object} props
 * @param {readonly string[]} props.names
 */
export function PipelineLinks({ names }) {
  return (
    <span className={classes.links}>
      {names.map((name, i) => (
        <Fragment key={name}>
          {i > 0 && ", "}
          <Link href={pipelineLink(name)}>{name}</Link>
        </Fragment>
      ))}
    </span>
  );
}
