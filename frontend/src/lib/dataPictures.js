import { endOfString } from "./jsonScan.js";

const BEGINNING = '"data:image/';
const MOST = 12;

/**
 * The pictures that JSON text holds as data addresses.
 *
 * @param {string} text
 * @returns {{at: number, url: string}[]} the first dozen, and where in the text
 */
export function dataPictures(text) {
  const found = [];
  for (let at = text.indexOf(BEGINNING); at >= 0 && found.length < MOST; ) {
    const end = endOfString(text, at);
    const url = text.slice(at + 1, end - 1);
    if (/^data:image\/[\w.+-]+;base64,[A-Za-z0-9+/=_-]+$/.test(url)) found.push({ at, url });
    at = text.indexOf(BEGINNING, end);
  }
  return found;
}
