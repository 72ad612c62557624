/** Numbers to shapes: paths in a box as wide as there are numbers, and 100 high. */

export const HEIGHT = 100;
/** Of a column's width, so that neighbours stay apart. */
const BAR = 0.8;
/** What is there must be seen, however little of the whole it is. */
const LEAST = 4;

/**
 * Bars from the ground.
 *
 * @param {readonly number[]} values
 * @param {number} top the value that is as high as the box
 * @returns {string} the `d` of a path
 */
export function bars(values, top) {
  return values
    .map((value, i) =>
      value > 0 ? box(i, HEIGHT - Math.max((value / top) * HEIGHT, LEAST), HEIGHT, BAR) : "",
    )
    .join("");
}

/**
 * Boxes between two heights; none where there is no value.
 *
 * @param {readonly (number | null)[]} low
 * @param {readonly (number | null)[]} high
 * @param {(value: number) => number} scale from a value to 0..1
 * @returns {string}
 */
export function bands(low, high, scale) {
  return low
    .map((from, i) => {
      const to = high[i];
      return from === null || to === null ? "" : box(i, y(to, scale), y(from, scale), 1);
    })
    .join("");
}

/**
 * A level stroke for each value.
 *
 * @param {readonly (number | null)[]} values
 * @param {(value: number) => number} scale
 * @returns {string}
 */
export function levels(values, scale) {
  return values.map((value, i) => (value === null ? "" : `M${i} ${round(y(value, scale))}h1`)).join("");
}

/**
 * A scale on which ten times as much is the same step up, wide enough for all values.
 *
 * @param {readonly (number | null)[]} values
 * @returns {{scale: (value: number) => number, marks: number[]}} `marks` are the powers of ten inside
 */
export function logarithmic(values) {
  const known = values
    .filter((value) => value !== null && value > 0)
    .map((value) => Math.log10(Number(value)));
  const least = Math.floor(known.length ? Math.min(...known) : 0);
  const most = Math.max(Math.ceil(known.length ? Math.max(...known) : 1), least + 2);
  return {
    scale: (value) => (Math.log10(Math.max(value, 10 ** least)) - least) / (most - least),
    marks: Array.from({ length: most - least + 1 }, (_, i) => 10 ** (least + i)),
  };
}

/**
 * @param {number} most
 * @returns {number} the next of 1, 2, 5, 10, 20 ... that is no less
 */
export function roundTop(most) {
  const unit = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  return unit * ([1, 2, 5].find((times) => times * unit >= most) ?? 10);
}

/**
 * @param {number} value
 * @param {(value: number) => number} scale
 */
const y = (value, scale) => HEIGHT * (1 - scale(value));

/**
 * @param {number} i
 * @param {number} top
 * @param {number} bottom
 * @param {number} width
 */
const box = (i, top, bottom, width) =>
  `M${round(i + (1 - width) / 2)} ${round(top)}h${width}V${round(bottom)}h-${width}z`;

/** @param {number} value */
const round = (value) => Number(value.toFixed(2));
