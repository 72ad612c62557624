import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../../testing/render.jsx";
import { Notes } from "./Notes.jsx";

const NOTES = [
  { at: "2026-01-02T03:04:05Z", text: "A worker was replaced: in 40 calls it had grown by 260 MB." },
  { at: "2026-01-02T03:04:05Z", text: "A worker was ended: it took too many threads." },
];

it("shows the newest on focus and all of them by the keyboard", async () => {
  const { user } = show(<Notes notes={NOTES} />);
  await user.tab();
  expect(document.activeElement?.textContent).toMatch(/^2 notes on its workers, .+ ago$/);
  expect((await screen.findByRole("tooltip")).textContent).toBe(NOTES[0].text);
  await user.keyboard("{Enter}");
  const items = within(screen.getByRole("list")).getAllByRole("listitem");
  expect(items.map((item) => item.textContent?.replace(/^.+? ago: /, ""))).toEqual(
    NOTES.map(({ text }) => text),
  );
  expect(screen.getByRole("button").getAttribute("aria-expanded")).toBe("true");
});

it("takes no room where nothing happened", () => {
  show(<Notes notes={[]} />);
  expect(screen.queryByRole("button")).toBeNull();
});
