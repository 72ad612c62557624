import { Code } from "@mantine/core";
import { formatBytes, formatFact } from "../../lib/format.js";
import { words } from "../../words.js";
import { TensorPicture } from "./TensorPicture.jsx";
import classes from "./ValueView.module.css";

/** @import { ValueFacts } from "../../api/types.js" */

/**
 * What one value was, with its figures, its first values, and its picture or text where it has one.
 *
 * @param {object} props
 * @param {ValueFacts} props.value
 */
export function ValueView({ value }) {
  const { picture, text } = value;
  return (
    <div className={classes.value}>
      <div className={classes.facts}>
        <ValueLine value={value} />
        <Figures value={value} />
        {text !== undefined && !isShort(text) ? (
          <Code block className={classes.text} tabIndex={0}>
            {text}
          </Code>
        ) : (
          <First value={value} />
        )}
      </div>
      {picture && <TensorPicture picture={picture} name={value.name} />}
    </div>
  );
}

/**
 * Name, kind and size of a value.
 *
 * @param {object} props
 * @param {ValueFacts} props.value
 */
export function ValueLine({ value: { name, type, dtype, shape, sizeBytes, length } }) {
  return (
    <p className={classes.line}>
      {name !== undefined && <b className={classes.name}>{name}</b>}
      <span className={classes.type}>
        {type === "tensor"
          ? dtype
          : (words.trace.types[/** @type {keyof typeof words.trace.types} */ (type)] ?? type)}
      </span>
      {shape && (
        <span className={classes.type}>
          {shape.length > 0 ? `[${shape.join(", ")}]` : words.trace.scalar}
        </span>
      )}
      {length !== undefined && (
        <span className={classes.size}>
          {type === "text" ? words.trace.characters(length) : words.trace.items(length)}
        </span>
      )}
      {sizeBytes !== undefined && <span className={classes.size}>{formatBytes(sizeBytes)}</span>}
    </p>
  );
}

/**
 * @param {object} props
 * @param {ValueFacts} props.value
 */
function Figures({ value: { min, max, mean, nanCount } }) {
  const figures = [
    { label: words.trace.min, figure: min },
    { label: words.trace.max, figure: max },
    { label: words.trace.mean, figure: mean },
  ].filter(({ figure }) => figure !== undefined);
  if (figures.length === 0 && !nanCount) return null;
  return (
    <dl className={classes.figures}>
      {figures.map(({ label, figure }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd title={String(figure)}>{formatFact(figure)}</dd>
        </div>
      ))}
      {nanCount !== undefined && (
        <div className={nanCount > 0 ? classes.nans : undefined}>
          <dt>{words.trace.nan}</dt>
          <dd>{formatFact(nanCount)}</dd>
        </div>
      )}
    </dl>
  );
}

/**
 * @param {string} text
 * @returns {boolean} whether it needs no box of its own
 */
function isShort(text) {
  return text.length <= 60 && !text.includes("\n");
}

/**
 * @param {object} props
 * @param {ValueFacts} props.value
 */
function First({ value: { type, first, keys, length, shape, text } }) {
  if (text !== undefined) return <p className={classes.first}>{text}</p>;
  const shown = keys ?? first;
  if (!shown?.length) return null;
  const count =
    (type === "text" ? 1 : length) ?? shape?.reduce((product, size) => product * size, 1) ?? shown.length;
  const label = keys ? words.trace.keys : count > shown.length ? words.trace.first : null;
  return (
    <p className={classes.first}>
      {label && <span className={classes.label}>{label} </span>}
      {shown.map((item) => (type === "bytes" ? String(item) : formatFact(item))).join(", ")}
      {count > shown.length && ", …"}
    </p>
  );
}
