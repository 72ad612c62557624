/**
 * Pixels as a canvas takes them.
 *
 * @param {{width: number, height: number, channels: number, data: string}} picture 8 bits a channel in base64; one
 *   channel is grey, a fourth one opacity
 * @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function rgbaOf({ width, height, channels, data }) {
  const raw = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      pixels[i * 4 + channel] = raw[i * channels + (channels === 1 ? 0 : channel)];
    }
    pixels[i * 4 + 3] = channels === 4 ? raw[i * 4 + 3] : 255;
  }
  return pixels;
}
