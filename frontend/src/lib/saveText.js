/**
 * Offer text to the reader as a file.
 *
 * @param {string} text
 * @param {string} fileName
 */
export function saveText(text, fileName) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}
