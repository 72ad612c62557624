/** What a file is, by its first bytes: names lie, and samples have no media type. */

const SHOWN_BYTES = 4_000;

/** @type {[string, RegExp][]} */
const PICTURES = [
  ["image/png", /^\x89PNG\r\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8/],
  ["image/webp", /^RIFF[\s\S]{4}WEBP/],
  ["image/avif", /^[\s\S]{4}ftypavi[fs]/],
  ["image/bmp", /^BM[\s\S]{4}\0\0\0\0/],
];

/**
 * @typedef {{kind: "picture", mediaType: string} | {kind: "text", text: string, whole: boolean} | {kind: "bytes"}} Content
 *
 * @param {Blob} blob
 * @returns {Promise<Content>} a picture that browsers show, the beginning of a text in UTF-8, or neither
 */
export async function contentOf(blob) {
  const bytes = new Uint8Array(await blob.slice(0, SHOWN_BYTES).arrayBuffer());
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const picture = PICTURES.find(([, beginning]) => beginning.test(start));
  if (picture) return { kind: "picture", mediaType: picture[0] };
  const whole = blob.size <= SHOWN_BYTES;
  try {
    // What the cut left of a last character isn't held against it.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !whole });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells bytes from text.
    if (text && !/[\x00-\x08\x0b\x0e-\x1f]/.test(text)) return { kind: "text", text, whole };
  } catch {
    // Not UTF-8.
  }
  return { kind: "bytes" };
}
