import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { usePipelines } from "../../../api/pipelines.js";
import { show } from "../../../testing/render.jsx";
import { aModel, aPipeline, aResource, aSystem } from "../../../testing/samples.js";
import { problem, serveApi } from "../../../testing/server.js";
import { EditForm } from "./EditForm.jsx";

/** @import { Pipeline } from "../../../api/types.js" */

/** The form on what the server tells of its one pipeline. */
function Form() {
  const pipeline = usePipelines().data?.[0];
  const resources = [aResource(), aResource({ id: "2", name: "other_pre.py" })];
  return (
    pipeline && <EditForm pipeline={pipeline} models={[aModel()]} resources={resources} system={aSystem()} />
  );
}

/**
 * @param {{current: Pipeline}} kept what the server has
 * @param {Parameters<typeof serveApi>[0]} [routes]
 */
async function showForm(kept, routes) {
  const calls = await serveApi({ "GET pipelines": () => ({ json: { items: [kept.current] } }), ...routes });
  const shown = show(<Form />);
  await screen.findByLabelText(/^Name/);
  return { ...shown, patches: () => calls.filter(({ method }) => method === "PATCH") };
}

it("changes the version that it shows, with what was changed in it", async () => {
  const kept = { current: aPipeline() };
  const { user, patches } = await showForm(kept, {
    "PATCH pipelines/digits": () => {
      kept.current = aPipeline({ revision: 2, workers: 3 });
      return { json: kept.current };
    },
  });
  const apply = /** @type {HTMLButtonElement} */ (screen.getByRole("button", { name: "Apply" }));
  expect(apply.disabled).toBe(true);
  expect(screen.getByLabelText("Deadline, in seconds").getAttribute("placeholder")).toBe("30 s by default");
  await user.type(screen.getByLabelText("Workers"), "3");
  await user.click(apply);
  await screen.findByText("Pipeline 'digits' was changed.");
  expect(patches()).toMatchObject([{ ifMatch: '"1-1"', body: '{"workers":3}' }]);
  expect(apply.disabled).toBe(true);
});

it("shows what somebody else changed meanwhile, and puts one's own change on top of it", async () => {
  const kept = { current: aPipeline() };
  let refused = false;
  const { user, patches } = await showForm(kept, {
    "PATCH pipelines/digits": ({ ifMatch }) => {
      if (ifMatch !== `"1-${kept.current.revision}"`) {
        refused = true;
        return problem(412, "precondition-failed", "Somebody was faster.");
      }
      kept.current = aPipeline({ revision: 3, memoryMb: 512, workers: 3 });
      return { json: kept.current };
    },
  });
  await user.type(screen.getByLabelText("Workers"), "3");
  kept.current = aPipeline({ revision: 2, memoryMb: 512 });
  await user.click(screen.getByRole("button", { name: "Apply" }));
  const table = await screen.findByRole("table", {
    name: "Somebody else has changed this pipeline meanwhile",
  });
  expect(refused).toBe(true);
  expect(
    within(table).getByRole("row", { name: /Memory of a worker, in MiB none 512 MiB 512 MiB/ }),
  ).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Keep my changes" }));
  await user.click(screen.getByRole("button", { name: "Apply" }));
  await screen.findByText("Pipeline 'digits' was changed.");
  expect(patches()[1]).toMatchObject({ ifMatch: '"1-2"', body: '{"workers":3}' });
});

it("takes over what somebody else changed where nothing was changed here", async () => {
  const kept = { current: aPipeline() };
  const { client } = await showForm(kept);
  kept.current = aPipeline({ revision: 2, name: "digits two" });
  await client.invalidateQueries();
  expect(await screen.findByDisplayValue("digits two")).toBeTruthy();
  expect(screen.getByText("Nothing is changed.")).toBeTruthy();
});

it("shows a refusal beside its field", async () => {
  const message = "A pipeline named 'taken' exists already.";
  const { user } = await showForm(
    { current: aPipeline() },
    {
      "PATCH pipelines/digits": () =>
        problem(409, "name-taken", message, { errors: [{ field: "name", message }] }),
    },
  );
  const name = screen.getByLabelText(/^Name/);
  await user.clear(name);
  await user.type(name, "taken");
  expect(screen.getByText(/Programs call it by its name: those that call 'digits'/)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Apply" }));
  const shown = await screen.findByText(message);
  expect(name.getAttribute("aria-describedby")).toContain(shown.id);
  expect(screen.queryByRole("alert")).toBeNull();
});

it("asks for ports and for names of variables before it sends them", async () => {
  const kept = { current: aPipeline() };
  const { user, patches } = await showForm(kept, {
    "PATCH pipelines/digits": () => {
      kept.current = aPipeline({ revision: 2, network: [443], variables: { STATION: "4" } });
      return { json: kept.current };
    },
  });
  const apply = screen.getByRole("button", { name: "Apply" });
  await user.click(screen.getByRole("combobox", { name: "Network" }));
  await user.click(screen.getByRole("option", { name: "Only some ports" }));
  await user.click(screen.getByRole("button", { name: "Add a variable" }));
  expect(document.activeElement).toBe(screen.getByLabelText("Name of variable 1"));
  await user.type(screen.getByLabelText("Value of variable 1"), "4");
  await user.click(apply);
  await screen.findByText("Enter ports from 1 to 65535, by comma.");
  expect(screen.getByRole("alert").textContent).toBe("Each variable needs a name.");
  await user.type(screen.getByLabelText("Ports"), "443");
  await user.type(screen.getByLabelText("Name of variable 1"), "STATION");
  await user.click(apply);
  await screen.findByText("Pipeline 'digits' was changed.");
  expect(patches()).toMatchObject([{ body: '{"network":[443],"variables":{"STATION":"4"}}' }]);
});
