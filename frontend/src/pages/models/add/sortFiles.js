/**
 * A model with its data files, as it is uploaded.
 *
 * @typedef {object} ModelLoad
 * @property {readonly File[]} files the `.onnx` first
 * @property {string} name empty for the file's stem
 * @property {string} description
 */

const MODEL = /\.onnx$/i;

/**
 * Tell which of the chosen files are models, and to which model each other one belongs: to the one whose name it
 * begins with (`a.onnx.data` to `a.onnx`), or to the only one.
 *
 * @param {readonly File[]} chosen
 * @param {readonly ModelLoad[]} known
 * @returns {{loads: ModelLoad[], loose: File[]}} `loads` are the known ones, changed where they got a file, and after
 *   them the new ones; `loose` are those of which the model can't be told
 */
export function sortFiles(chosen, known) {
  const loads = known.map((load) => {
    // Chosen anew: it was changed on disk.
    const again = chosen.find((file) => file.name === load.files[0].name);
    return again ? { ...load, files: [again, ...load.files.slice(1)] } : load;
  });
  for (const file of chosen) {
    if (!MODEL.test(file.name) || loads.some(({ files }) => files[0] === file)) continue;
    loads.push({ files: [file], name: "", description: "" });
  }
  const loose = [];
  for (const file of chosen) {
    if (MODEL.test(file.name)) continue;
    const at = ownerOf(file, loads);
    if (at === undefined) loose.push(file);
    else loads[at] = withData(loads[at], file);
  }
  return { loads, loose };
}

/**
 * @param {ModelLoad} load
 * @param {File} file a data file, in place of one of the same name
 * @returns {ModelLoad}
 */
export function withData(load, file) {
  return { ...load, files: [...load.files.filter(({ name }) => name !== file.name), file] };
}

/**
 * @param {ModelLoad} load
 * @returns {string} the name that the server gives it without another
 */
export function stemOf({ files: [main] }) {
  return main.name.replace(MODEL, "");
}

/**
 * @param {File} file
 * @param {readonly ModelLoad[]} loads
 * @returns {number | undefined} where the model is whose data it holds
 */
function ownerOf(file, loads) {
  let best;
  for (const [at, load] of loads.entries()) {
    const stem = stemOf(load);
    if (file.name.startsWith(stem) && (best === undefined || stem.length > stemOf(loads[best]).length))
      best = at;
  }
  return best ?? (loads.length === 1 ? 0 : undefined);
}
