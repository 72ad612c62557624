import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { JsonTree } from "../../lib/jsonTree.js";
import { show } from "../../testing/render.jsx";
import { JsonView } from "./JsonView.jsx";

const TEXT = JSON.stringify({
  label: "seven",
  boxes: [{ name: "a cat" }, { name: "a dog" }],
  rows: Array.from({ length: 300 }, (_, i) => [i, i + 0.5]),
}).replace("{", '{"id":9007199254740993,"mean":"NaN",');

const showTree = () => show(<JsonView tree={new JsonTree(TEXT)} label="Answer" />);
const items = () => screen.getAllByRole("treeitem").map((item) => item.textContent);
const focused = () => document.activeElement?.textContent;

it("shows values as they came", () => {
  showTree();
  expect(items()).toEqual([
    "5 entries",
    "id: 9007199254740993",
    'mean: "NaN"',
    'label: "seven"',
    "boxes: 2 items",
    "0: 1 entry",
    'name: "a cat"',
    "1: 1 entry",
    'name: "a dog"',
    expect.stringMatching(/^rows: 300 items\[\[0,0.5\].*…$/),
  ]);
});

it("is walked by keys as trees are", async () => {
  const { user } = showTree();
  await user.click(screen.getByRole("textbox", { name: "Search keys and values" }));
  await user.tab();
  expect(focused()).toBe("5 entries");
  await user.keyboard("{End}");
  expect(focused()).toContain("rows: 300 items");
  await user.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}{ArrowDown}");
  expect(focused()).toContain("0: 2 items");
  await user.keyboard("{ArrowLeft}");
  expect(focused()).toBe("0 … 99");
  await user.keyboard("{ArrowLeft}{ArrowDown}");
  expect(focused()).toBe("100 … 199");
  await user.keyboard("{ArrowLeft}{Enter}");
  expect(focused()).toContain("rows: 300 items");
  expect(screen.queryByText("0 … 99")).toBeNull();
  await user.keyboard("{Home}{ArrowLeft}");
  expect(items()).toHaveLength(1);
});

it("opens the way to what is searched, match by match", async () => {
  const { user } = showTree();
  const field = screen.getByRole("textbox", { name: "Search keys and values" });
  await user.type(field, "257.5");
  const found = () => screen.getByRole("treeitem", { selected: true }).textContent;
  await waitFor(() => expect(found()).toBe("1: 257.5"));
  expect(screen.getByRole("status").textContent).toBe("1 of 1");

  await user.clear(field);
  await user.type(field, "NAME");
  await waitFor(() => expect(found()).toBe('name: "a cat"'));
  await user.keyboard("{Enter}");
  expect(found()).toBe('name: "a dog"');
  await user.keyboard("{Enter}");
  expect(found()).toBe('name: "a cat"');
  await user.keyboard("{Shift>}{Enter}{/Shift}");
  expect(found()).toBe('name: "a dog"');

  await user.clear(field);
  await user.type(field, "nowhere");
  await waitFor(() => expect(screen.getByRole("status").textContent).toBe("no match"));
});
