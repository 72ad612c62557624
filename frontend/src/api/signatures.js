import { useQuery } from "@tanstack/react-query";
import { path } from "./address.js";
import { request } from "./client.js";
import { keys } from "./keys.js";

/** @import { Tensor } from "./types.js" */

/** Stands for the bytes that pre-processing gets, and for what post-processing returns. */
const CONTENT = "content";
const RESULT = "result";

/**
 * @typedef {object} Signature
 * @property {boolean} takesFile whether bytes go in, for pre-processing
 * @property {boolean} givesResult whether post-processing makes one result
 * @property {Tensor[]} inputs of the model; empty where bytes go in
 */

/**
 * What a pipeline takes and gives, for who may not look at the pipeline itself.
 *
 * @param {string} name
 */
export function useSignature(name) {
  return useQuery({
    queryKey: keys.signature(name),
    queryFn: async ({ signal }) =>
      signatureOf(await request(path`models/${name}`, { protocol: true, signal })),
  });
}

/**
 * @typedef {{name: string, datatype: string, shape: number[], parameters?: {content_type?: string, onnx_type?: string}}} Port
 *
 * @param {{inputs: Port[], outputs: Port[]}} told by the Open Inference Protocol
 * @returns {Signature}
 */
export function signatureOf({ inputs, outputs }) {
  const takesFile = isOwn(inputs, CONTENT);
  return {
    takesFile,
    givesResult: isOwn(outputs, RESULT),
    inputs: takesFile
      ? []
      : inputs.map(({ name, datatype, shape, parameters }) => ({
          name,
          type: parameters?.onnx_type ?? datatype,
          datatype,
          shape,
        })),
  };
}

/**
 * @param {Port[]} ports
 * @param {string} name
 * @returns {boolean} whether it is no tensor of the model, which would tell its type
 */
function isOwn(ports, name) {
  return (
    ports.length === 1 &&
    ports[0].name === name &&
    ports[0].parameters?.content_type !== undefined &&
    ports[0].parameters.onnx_type === undefined
  );
}
