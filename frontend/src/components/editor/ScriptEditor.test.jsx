import { EditorView } from "@codemirror/view";
import { act, cleanup, screen, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { keys } from "../../api/keys.js";
import { show } from "../../testing/render.jsx";
import { aResource } from "../../testing/samples.js";
import { problem, serveApi } from "../../testing/server.js";
import { ScriptEditor } from "./ScriptEditor.jsx";

const NAME = "digits_pre.py";
const SOURCE = "def process(content):\n    return {}\n";

// jsdom lays nothing out, and the editor asks where its text stands.
Range.prototype.getClientRects = () => /** @type {any} */ ([]);
Range.prototype.getBoundingClientRect = () => new DOMRect();

beforeEach(() => sessionStorage.clear());

/**
 * Show the editor of a script; `server` is what the server has and how it answers.
 *
 * @param {object} [options]
 * @param {"ADMIN" | "READ"} [options.role]
 * @param {Record<string, (call: import("../../testing/server.js").Received) => any>} [options.routes]
 */
async function showEditor({ role = "ADMIN", routes = {} } = {}) {
  const server = { resource: aResource({ text: SOURCE, usedBy: ["digits"] }) };
  const calls = await serveApi({
    "GET session": () => ({ json: { name: "operator", role } }),
    [`GET resources/${NAME}`]: () => ({ json: server.resource }),
    "POST resources/check": () => ({ json: { ok: true, problems: [], requires: [] } }),
    [`PUT resources/${NAME}/content`]: ({ body }) => {
      server.resource = { ...server.resource, text: body, revision: server.resource.revision + 1 };
      return {
        json: {
          ...server.resource,
          pipelines: ["digits"],
          changes: ["The function 'process' is new."],
        },
      };
    },
    ...routes,
  });
  const shown = show(<ScriptEditor name={NAME} />);
  // Until it is known who asks, it can only be read.
  if (role === "ADMIN") await screen.findByRole("button", { name: "Save" });
  return { server, calls, box: await findBox(), ...shown };
}

const findBox = () => screen.findByRole("textbox", { name: `Source: ${NAME}` });

/** @param {HTMLElement} box */
const textOf = (box) => viewOf(box).state.doc.toString();

/** @param {HTMLElement} box */
const viewOf = (box) => /** @type {EditorView} */ (EditorView.findFromDOM(box));

/**
 * Write at the beginning of the text.
 *
 * @param {HTMLElement} box
 * @param {string} text
 */
const write = (box, text) => act(() => viewOf(box).dispatch({ changes: { from: 0, insert: text } }));

const saveButton = () => screen.getByRole("button", { name: "Save" });

it("saves what is written over what was read, and says what that changed", async () => {
  const { box, calls, user } = await showEditor();
  expect(textOf(box)).toBe(SOURCE);
  expect(saveButton()).toHaveProperty("disabled", true);
  write(box, "import os\n");
  expect(screen.getByText("Unsaved changes")).toBeTruthy();
  await user.click(saveButton());
  expect(await screen.findByText("The function 'process' is new.")).toBeTruthy();
  expect(screen.getByRole("link", { name: "digits" }).getAttribute("href")).toBe("/pipelines/digits");
  const put = calls.find(({ method }) => method === "PUT");
  expect(put).toMatchObject({ body: `import os\n${SOURCE}`, ifMatch: '"1-1"' });
  expect(saveButton()).toHaveProperty("disabled", true);
  write(box, "#\n");
  await user.click(saveButton());
  await expect.poll(() => calls.filter(({ method }) => method === "PUT").at(-1)?.ifMatch).toBe('"1-2"');
});

it("keeps the line ends of a file", async () => {
  const { box, calls, user, server, client } = await showEditor();
  server.resource = aResource({ text: "a = 1\r\nb = 2\r\n", revision: 2 });
  await act(() => client.invalidateQueries({ queryKey: keys.resource(NAME) }));
  await expect.poll(() => textOf(box)).toBe("a = 1\nb = 2\n");
  write(box, "#\n");
  await user.click(saveButton());
  await expect.poll(() => calls.find(({ method }) => method === "PUT")?.body).toBe("#\r\na = 1\r\nb = 2\r\n");
});

it("tells what is wrong while one writes, and leads there", async () => {
  const { box, calls, user } = await showEditor({
    routes: {
      "POST resources/check": ({ body }) => ({
        json: {
          ok: !body.startsWith("1 = 2"),
          problems: body.startsWith("1 = 2")
            ? [{ line: 1, column: 1, message: "Can't assign to a literal.", severity: "error" }]
            : [],
          requires: [],
        },
      }),
    },
  });
  expect(await screen.findByText("No problems found")).toBeTruthy();
  write(box, "1 = 2\n");
  const problems = await screen.findByRole("list", { name: "Problems" });
  await user.click(
    within(problems).getByRole("button", { name: "Error, line 1: Can't assign to a literal." }),
  );
  expect(document.activeElement).toBe(box);
  expect(calls.find(({ path }) => path === "resources/check")?.search).toBe(
    "?name=digits_pre.py&kind=script",
  );
  // It can still be saved: the server judges for good.
  expect(saveButton()).toHaveProperty("disabled", false);
});

it("keeps what is written where a pipeline would break, and says where", async () => {
  const broken = {
    pipeline: "digits",
    step: "pre-processing",
    script: NAME,
    line: 2,
    message: "Pipeline 'digits' doesn't load. Install shapely.",
    exception: "ModuleNotFoundError: shapely",
  };
  const { box, user } = await showEditor({
    routes: {
      [`PUT resources/${NAME}/content`]: () =>
        problem(422, "invalid-pipeline", broken.message, { pipelines: [broken] }),
    },
  });
  write(box, "#\nimport shapely\n");
  await user.click(saveButton());
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Not saved: it would break 1 pipeline");
  expect(alert.textContent).toContain("digits: Pre-processing, digits_pre.py");
  expect(alert.textContent).toContain("Install shapely.");
  expect(within(box).getByText("ModuleNotFoundError: shapely")).toBeTruthy();
  expect(textOf(box)).toBe(`#\nimport shapely\n${SOURCE}`);
  await user.click(within(alert).getByRole("button", { name: "Go to line 2" }));
  const { state } = viewOf(box);
  expect(state.doc.lineAt(state.selection.main.head).number).toBe(2);
});

it("lets one choose where somebody else saved meanwhile", async () => {
  const { box, server, client, calls, user } = await showEditor();
  write(box, "# mine\n");
  server.resource = aResource({ text: `# theirs\n${SOURCE}`, revision: 2 });
  await act(() => client.invalidateQueries({ queryKey: keys.resource(NAME) }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Somebody else changed 'digits_pre.py' while you were editing it");
  expect(saveButton()).toHaveProperty("disabled", true);
  await user.click(screen.getByRole("button", { name: "Show theirs" }));
  expect(textOf(await screen.findByRole("textbox", { name: `Theirs: ${NAME}` }))).toContain("# theirs");
  await user.click(screen.getByRole("button", { name: "Keep mine" }));
  await user.click(saveButton());
  await expect
    .poll(() => calls.find(({ method }) => method === "PUT"))
    .toMatchObject({ body: `# mine\n${SOURCE}`, ifMatch: '"1-2"' });
});

it("takes theirs, and undo brings mine back", async () => {
  const { box, server, client, user } = await showEditor();
  write(box, "# mine\n");
  server.resource = aResource({ text: "# theirs\n", revision: 2 });
  await act(() => client.invalidateQueries({ queryKey: keys.resource(NAME) }));
  await user.click(await screen.findByRole("button", { name: "Take theirs" }));
  expect(textOf(box)).toBe("# theirs\n");
  expect(screen.getByText("Saved")).toBeTruthy();
  box.focus();
  await user.keyboard("{Control>}z{/Control}");
  expect(textOf(box)).toBe(`# mine\n${SOURCE}`);
  expect(screen.getByText("Unsaved changes")).toBeTruthy();
});

it("shows what somebody else saved where nothing was edited", async () => {
  const { box, server, client } = await showEditor();
  server.resource = aResource({ text: "# theirs\n", revision: 2 });
  await act(() => client.invalidateQueries({ queryKey: keys.resource(NAME) }));
  expect(await screen.findByText("Somebody else changed it; this is the newest.")).toBeTruthy();
  await expect.poll(() => textOf(box)).toBe("# theirs\n");
});

it("brings back what was not saved", async () => {
  const { box, user } = await showEditor();
  write(box, "# mine\n");
  cleanup();
  show(<ScriptEditor name={NAME} />);
  expect(await screen.findByText(/You wrote this before/)).toBeTruthy();
  const again = await findBox();
  expect(textOf(again)).toBe(`# mine\n${SOURCE}`);
  await user.click(screen.getByRole("button", { name: "Discard changes" }));
  expect(textOf(again)).toBe(SOURCE);
  expect(sessionStorage).toHaveLength(0);
});

it("is to read only for who may not change anything", async () => {
  const { box, calls } = await showEditor({ role: "READ" });
  expect(box.getAttribute("aria-readonly")).toBe("true");
  expect(box.getAttribute("contenteditable")).toBe("false");
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
  expect(calls.map(({ path }) => path)).not.toContain("resources/check");
});
