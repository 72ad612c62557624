import { indented, quoted, TOKEN_VARIABLE } from "./call.js";
import { literal } from "./python.js";

/** @import { Call } from "./call.js" */

/**
 * @param {Call} call
 * @returns {string} for NVIDIA's client of the Open Inference Protocol, which sends tensors in binary
 */
export function tritonclient({
  file,
  json,
  protocol: { server, isSecure, name, inputs, takesFile, givesResult },
}) {
  const needsJson = !takesFile || givesResult;
  const values = file === null ? literal(json) : `json.loads(Path(${quoted(file)}).read_text())`;
  const tensors = takesFile
    ? [`tensor("content", "BYTES", [Path(${quoted(file ?? "")}).read_bytes()])`]
    : inputs.map((input) =>
        input.datatype
          ? `tensor(${quoted(input.name)}, ${quoted(input.datatype)}, values[${quoted(input.name)}])`
          : `tensor(${quoted(input.name)}, "BYTES", [json.dumps(values[${quoted(input.name)}])])`,
      );
  return `${needsJson ? "import json\n" : ""}import os
${file === null ? "" : "from pathlib import Path\n"}
import numpy as np
from tritonclient.http import InferenceServerClient, InferInput
from tritonclient.utils import triton_to_np_dtype


def tensor(name, datatype, value):
    array = np.asarray(value, triton_to_np_dtype(datatype))
    given = InferInput(name, list(array.shape), datatype)
    given.set_data_from_numpy(array)
    return given


${takesFile ? "" : `values = ${values}\n`}inputs = [
    ${indented(tensors.join(",\n"), "    ")},
]
with InferenceServerClient(${quoted(server)}${isSecure ? ", ssl=True" : ""}) as client:
    answer = client.infer(
        ${quoted(name)},
        inputs,
        headers={"Authorization": f"Bearer {os.environ['${TOKEN_VARIABLE}']}"},
    )
${
  givesResult
    ? `print(json.loads(answer.as_numpy("result")[0]))\n`
    : `for output in answer.get_response()["outputs"]:
    print(output["name"], answer.as_numpy(output["name"]))\n`
}`;
}
