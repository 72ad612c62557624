import { Link } from "wouter";
import { sections } from "../../sections.js";
import { words } from "../../words.js";
import classes from "./Home.module.css";

/** @import { Model, Pipeline, PipelineState, Resource } from "../../api/types.js" */

/** @type {PipelineState[]} */
const STATES = ["ready", "starting", "idle", "inactive", "broken"];

/**
 * How many things there are, each the way to them.
 *
 * @param {object} props
 * @param {Pipeline[]} props.pipelines
 * @param {Model[]} [props.models] not there yet while they load
 * @param {Resource[]} [props.resources]
 */
export function Counts({ pipelines, models, resources }) {
  const states = STATES.map((state) => words.home.inState(countBy(pipelines, state), state)).filter(Boolean);
  return (
    <ul className={classes.counts}>
      <Count path="/pipelines" items={pipelines} label={words.pipelines.count} note={states.join(", ")} />
      <Count path="/models" items={models} label={words.models.count} />
      <Count path="/resources" items={resources} label={words.resources.count} />
    </ul>
  );
}

/**
 * @param {object} props
 * @param {string} props.path
 * @param {unknown[]} [props.items]
 * @param {(n: number) => string} props.label
 * @param {string} [props.note]
 */
function Count({ path, items, label, note }) {
  const section = sections.find((one) => one.path === path);
  if (!section) return null;
  const { icon: Icon, title } = section;
  // `12 models`: the figure stands out, the words follow it in every language.
  const [figure, ...rest] = items ? label(items.length).split(" ") : ["", title];
  return (
    <li>
      <Link href={path} className={classes.count}>
        <Icon size={20} stroke={1.6} aria-hidden="true" />
        <span className={classes.words}>
          <span>
            <span className={classes.figure}>{figure}</span> {rest.join(" ")}
          </span>
          {note && <span className={classes.quiet}>{note}</span>}
        </span>
      </Link>
    </li>
  );
}

/**
 * @param {Pipeline[]} pipelines
 * @param {PipelineState} state
 */
const countBy = (pipelines, state) => pipelines.filter((pipeline) => pipeline.state === state).length;
