import { useEffect, useRef } from "react";
import { rgbaOf } from "../../lib/rgba.js";
import { words } from "../../words.js";
import classes from "./TensorPicture.module.css";

/** @import { ValueFacts } from "../../api/types.js" */

const SIDE = 96;

/**
 * A tensor drawn pixel by pixel.
 *
 * @param {object} props
 * @param {NonNullable<ValueFacts["picture"]>} props.picture
 * @param {string} [props.name]
 */
export function TensorPicture({ picture, name }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const { width, height } = picture;
  const scale = SIDE / Math.max(width, height);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(new ImageData(rgbaOf(picture), picture.width, picture.height), 0, 0);
  }, [picture]);

  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={words.trace.picture(name)}
      className={classes.picture}
      width={width}
      height={height}
      style={{ width: Math.round(width * scale), height: Math.round(height * scale) }}
    />
  );
}
