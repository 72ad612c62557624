import { useMemo, useState } from "react";
import { dataPictures } from "../../lib/dataPictures.js";
import { words } from "../../words.js";
import classes from "./DataPictures.module.css";

/** @import { JsonTree } from "../../lib/jsonTree.js" */

/**
 * The pictures that an answer holds, each under its place in it.
 *
 * @param {object} props
 * @param {JsonTree} props.tree
 */
export function DataPictures({ tree }) {
  const pictures = useMemo(() => dataPictures(tree.text), [tree]);
  if (pictures.length === 0) return null;
  return (
    <ul className={classes.pictures} aria-label={words.json.pictures}>
      {pictures.map(({ at, url }) => (
        <li key={at}>
          <DataPicture url={url} place={placeOf(tree, at)} />
        </li>
      ))}
    </ul>
  );
}

/**
 * @param {object} props
 * @param {string} props.url
 * @param {string} props.place
 */
function DataPicture({ url, place }) {
  const [failed, setFailed] = useState(false);
  return (
    <figure className={classes.figure}>
      {failed ? (
        <span className={classes.failed}>{words.json.noPicture}</span>
      ) : (
        <img src={url} alt={words.json.picture(place)} onError={() => setFailed(true)} />
      )}
      <figcaption>{place}</figcaption>
    </figure>
  );
}

/**
 * @param {JsonTree} tree
 * @param {number} at
 * @returns {string} e.g. `result.masks[2]`
 */
function placeOf(tree, at) {
  const steps = tree.pathTo(at).slice(1);
  const place = steps.map(({ node, index }) => (node.key === null ? `[${index}]` : `.${node.key}`)).join("");
  return place.replace(/^\./, "") || words.json.whole;
}
