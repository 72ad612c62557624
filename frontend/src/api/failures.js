import { useMutation } from "@tanstack/react-query";
import { path } from "./address.js";
import { send } from "./client.js";

/**
 * Fetch what a failed call of a pipeline had sent, where that is kept.
 *
 * @param {string} pipeline
 */
export function useFailureInput(pipeline) {
  return useMutation({
    mutationFn: async (/** @type {{id: string, fileName: string}} */ { id, fileName }) => {
      const response = await send(path`pipelines/${pipeline}/failures/${id}/input`);
      return new File([await response.blob()], fileName);
    },
  });
}
