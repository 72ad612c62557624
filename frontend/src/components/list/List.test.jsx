import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { moveTo } from "../../testing/server.js";
import { ListTable } from "./ListTable.jsx";
import { ListTools } from "./ListTools.jsx";
import { NothingFound } from "./NothingFound.jsx";
import { ShowMore } from "./ShowMore.jsx";
import { SortHead } from "./SortHead.jsx";
import { useGrowing } from "./useGrowing.js";
import { useList } from "./useList.js";

/** @typedef {{name: string, calls: number}} Thing */

const THINGS = [..."cab"].map((name, i) => ({ name, calls: i }));
/** @type {import("./useList.js").Ways<Thing>} */
const WAYS = {
  texts: ({ name }) => [name],
  sorts: { name: { of: ({ name }) => name }, calls: { of: ({ calls }) => calls, descending: true } },
};

/** @param {{items?: Thing[]}} props */
function Things({ items = THINGS }) {
  const list = useList("things", items, WAYS);
  const growing = useGrowing(list.shown, 50);
  const count = list.count((n) => `${n} things`);
  return (
    <>
      <h1>{count}</h1>
      <ListTools list={list} label="Search things" count={count} />
      {list.shown.length === 0 && <NothingFound list={list} />}
      {list.view === "table" && (
        <ListTable
          label="Things"
          head={
            <>
              <SortHead list={list} sort="name" />
              <SortHead list={list} sort="calls" />
            </>
          }
        >
          {null}
        </ListTable>
      )}
      <ul>
        {growing.first.map(({ name }) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <ShowMore growing={growing} />
    </>
  );
}

const shown = () =>
  within(screen.getByRole("list"))
    .queryAllByRole("listitem")
    .map((item) => item.textContent);

beforeEach(() => {
  localStorage.clear();
  moveTo("http://127.0.0.1/things");
});

it("searches, says how many it found, and keeps it in the address", async () => {
  const { user } = show(<Things />);
  await user.type(screen.getByRole("searchbox", { name: "Search things" }), "a");
  expect(shown()).toEqual(["a"]);
  expect(screen.getByRole("heading").textContent).toBe("1 of 3 things");
  expect(screen.getByRole("status").textContent).toBe("1 of 3 things");
  expect(location.search).toBe("?q=a");
});

it("says what it didn't find, and shows all again", async () => {
  moveTo("http://127.0.0.1/things?q=nope");
  const { user } = show(<Things />);
  expect(screen.getByText('Nothing here matches "nope".')).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Show all" }));
  expect(shown()).toEqual(["a", "b", "c"]);
  expect(location.search).toBe("");
});

it("begins with the largest where that is what one wants to see, and turns round", async () => {
  const { user } = show(<Things />);
  await user.selectOptions(screen.getByRole("combobox", { name: "Sort by" }), "Calls");
  expect(shown()).toEqual(["b", "a", "c"]);
  await user.click(screen.getByRole("button", { name: "Order: descending" }));
  expect(shown()).toEqual(["c", "a", "b"]);
  expect(location.search).toBe("?sort=calls&order=asc");
});

it("orders by a column's head and says so", async () => {
  moveTo("http://127.0.0.1/things?view=table");
  const { user } = show(<Things />);
  const order = (/** @type {string} */ name) =>
    screen.getByRole("columnheader", { name }).getAttribute("aria-sort");
  expect([order("Name"), order("Calls")]).toEqual(["ascending", "none"]);
  await user.click(screen.getByRole("button", { name: "Name" }));
  expect([order("Name"), order("Calls")]).toEqual(["descending", "none"]);
  await user.click(screen.getByRole("button", { name: "Calls" }));
  expect([order("Name"), order("Calls")]).toEqual(["none", "descending"]);
});

it("remembers order and view, not what was searched", async () => {
  const { user } = show(<Things />);
  await user.type(screen.getByRole("searchbox"), "a");
  await user.selectOptions(screen.getByRole("combobox", { name: "Sort by" }), "Calls");
  await user.click(screen.getByRole("radio", { name: "Table" }));
  cleanup();
  moveTo("http://127.0.0.1/things");
  show(<Things />);
  expect(shown()).toEqual(["b", "a", "c"]);
  expect(screen.getByRole("columnheader", { name: "Calls" })).toBeTruthy();
});

it("is not put off by what the address or the storage hold", () => {
  localStorage.setItem("sluice-list-things", '"?"');
  moveTo("http://127.0.0.1/things?sort=toString&order=up&view=3d");
  show(<Things />);
  expect(shown()).toEqual(["a", "b", "c"]);
});

it("goes to the search by a slash, but not from where one writes", async () => {
  const { user } = show(
    <>
      <Things />
      <textarea aria-label="Elsewhere" />
    </>,
  );
  const search = screen.getByRole("searchbox");
  await user.keyboard("/");
  expect(document.activeElement).toBe(search);
  expect(search).toHaveProperty("value", "");
  await user.type(screen.getByRole("textbox", { name: "Elsewhere" }), "/");
  expect(document.activeElement).not.toBe(search);
});

it("empties the search by Escape", async () => {
  const { user } = show(<Things />);
  await user.type(screen.getByRole("searchbox"), "a{Escape}");
  expect(shown()).toEqual(["a", "b", "c"]);
});

it("shows many bit by bit", () => {
  const many = Array.from({ length: 120 }, (_, i) => ({ name: `thing ${i}`, calls: i }));
  show(<Things items={many} />);
  expect(shown()).toHaveLength(50);
  fireEvent.click(screen.getByRole("button", { name: "Show 50 of 70 more" }));
  fireEvent.click(screen.getByRole("button", { name: "Show 20 more" }));
  expect(shown()).toHaveLength(120);
});

it("has no tools for one thing", () => {
  show(<Things items={THINGS.slice(0, 1)} />);
  expect(screen.queryByRole("searchbox")).toBeNull();
});
