/**
 * Where the parts of JSON text begin and end, without reading what they say. By characters rather than by regular
 * expressions, whose stack a text of some megabytes (a picture, say) would exceed.
 */

const QUOTE = 34;
const BACKSLASH = 92;
const AFTER_WORD = /[\s[\]{}:,"]/g;
const SPACE = /[^ \t\n\r]/g;

/**
 * @param {string} text
 * @param {number} at of the opening quote
 * @returns {number} behind the closing one
 */
export function endOfString(text, at) {
  for (let end = text.indexOf('"', at + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end + 1;
  }
  return text.length;
}

/**
 * @param {string} text
 * @param {number} at where a number or a word such as `true` begins
 * @returns {number} behind it
 */
export function endOfWord(text, at) {
  AFTER_WORD.lastIndex = at + 1;
  return AFTER_WORD.exec(text)?.index ?? text.length;
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {number} of the next character that is no space
 */
export function skipSpace(text, at) {
  SPACE.lastIndex = at;
  return SPACE.exec(text)?.index ?? text.length;
}

/**
 * @param {string} text
 * @param {number} at where a value begins
 * @returns {number} behind it
 */
export function endOfValue(text, at) {
  if (text[at] === '"') return endOfString(text, at);
  if (text[at] !== "[" && text[at] !== "{") return endOfWord(text, at);
  let depth = 0;
  let here = at;
  while (here < text.length) {
    const code = text.charCodeAt(here);
    if (code === QUOTE) {
      here = endOfString(text, here);
      continue;
    }
    if (code === 91 || code === 123) depth += 1;
    else if (code === 93 || code === 125) depth -= 1;
    here += 1;
    if (depth === 0) return here;
  }
  return text.length;
}

/**
 * Go through strings, words and punctuation one by one.
 *
 * @param {string} text
 * @returns {Generator<[start: number, end: number]>}
 */
export function* tokensOf(text) {
  for (let at = skipSpace(text, 0); at < text.length; ) {
    const isMark = "[]{}:,".includes(text[at]);
    const end = isMark ? at + 1 : text[at] === '"' ? endOfString(text, at) : endOfWord(text, at);
    yield [at, end];
    at = skipSpace(text, end);
  }
}
