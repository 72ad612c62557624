import { screen } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { aModel } from "../../testing/samples.js";
import { Snippets } from "./Snippets.jsx";

const URL = "https://ml.example/sluice/api/v1/pipelines/it's%20mine/predictions";

beforeEach(() => localStorage.clear());

/** @param {Partial<Parameters<typeof Snippets>[0]>} [changes] */
function showSnippets(changes) {
  return show(
    <Snippets
      url={URL}
      protocolName="it's mine"
      takesFile
      givesResult
      sample="it's.png"
      inputs={aModel().inputs}
      {...changes}
    />,
  );
}

it("quotes names and address as each language needs it", async () => {
  const { user } = showSnippets();
  const curl = screen.getByRole("region", { name: "curl snippet" }).textContent;
  expect(curl).toContain(`--data-binary '@it'\\''s.png'`);
  expect(curl).toContain(`'https://ml.example/sluice/api/v1/pipelines/it'\\''s%20mine/predictions'`);
  await user.click(screen.getByRole("tab", { name: "Java" }));
  expect(screen.getByRole("region", { name: "Java snippet" }).textContent).toContain(`Path.of("it's.png")`);
});

it("sends the model's real inputs where JSON is taken", async () => {
  const { user } = showSnippets({ takesFile: false });
  await user.click(screen.getByRole("tab", { name: "Node-RED" }));
  const flow = JSON.parse(
    screen.getByRole("region", { name: "Node-RED snippet" }).querySelector("pre")?.textContent ?? "",
  );
  const types = flow.map((/** @type {{type: string}} */ node) => node.type);
  expect(types).toEqual(["inject", "function", "http request", "debug"]);
  const send = new Function("msg", "env", flow[1].func);
  const sent = send({}, { get: () => "slc_secret" });
  expect(sent.headers.Authorization).toBe("Bearer slc_secret");
  expect(sent.payload).toEqual({ x: [Array(64).fill(0)] });
});

it("offers an input that is too long to be written out as a file", () => {
  const inputs = [{ ...aModel().inputs[0], shape: [-1, 3, 224, 224] }];
  showSnippets({ takesFile: false, inputs });
  expect(screen.getByRole("button", { name: "Save input.json" })).toBeTruthy();
  expect(screen.getByRole("region", { name: "curl snippet" }).textContent).toContain(
    "--data-binary @input.json",
  );
});

it("remembers the language", async () => {
  const { user } = showSnippets();
  await user.click(screen.getByRole("tab", { name: "Python" }));
  expect(localStorage.getItem("sluice-snippet-language")).toContain("python");
});

it("sends a sequence of the model as JSON where the protocol has tensors only", async () => {
  const sequence = { name: "words", type: "seq(tensor(string))", datatype: null, shape: null };
  const { user } = showSnippets({
    takesFile: false,
    givesResult: false,
    inputs: [...aModel().inputs, sequence],
  });
  await user.click(screen.getByRole("tab", { name: "tritonclient" }));
  const code = screen.getByRole("region", { name: "tritonclient snippet" }).textContent;
  expect(code).toContain('tensor("x", "FP32", values["x"])');
  expect(code).toContain('tensor("words", "BYTES", [json.dumps(values["words"])])');
  expect(code).toContain('print(output["name"], answer.as_numpy(output["name"]))');
});
