import { useState } from "react";
import { resourceContentUrl } from "../../../api/resources.js";
import { Notice } from "../../../components/Notice.jsx";
import { words } from "../../../words.js";
import classes from "./ResourceView.module.css";

const PICTURE = /\.(png|jpe?g|gif|webp|bmp|ico|avif)$/i;
/** Below this width its pixels are drawn larger. */
const SMALL_PX = 96;

/**
 * @param {string} name
 * @returns {boolean} whether browsers show such a file
 */
export function isPicture(name) {
  return PICTURE.test(name);
}

/**
 * A data file that is a picture.
 *
 * @param {object} props
 * @param {string} props.name
 */
export function Picture({ name }) {
  const [failed, setFailed] = useState(false);
  const [isSmall, setIsSmall] = useState(false);
  if (failed) return <Notice tone="info">{words.resources.notText}</Notice>;
  return (
    <img
      className={classes.picture}
      data-small={isSmall}
      src={resourceContentUrl(name)}
      alt={name}
      onLoad={({ currentTarget: { naturalWidth } }) => setIsSmall(naturalWidth <= SMALL_PX)}
      onError={() => setFailed(true)}
    />
  );
}
