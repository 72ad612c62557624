import { expect, it } from "vitest";
import { dataPictures } from "./dataPictures.js";

const PICTURE = "data:image/png;base64,iVBORw0KGgo=";

it("finds pictures wherever they are", () => {
  const text = JSON.stringify({ a: PICTURE, b: [{ c: PICTURE.replace("png", "svg+xml") }] });
  expect(dataPictures(text).map(({ url }) => url)).toEqual([PICTURE, PICTURE.replace("png", "svg+xml")]);
});

it("takes nothing else for one", () => {
  const texts = [
    "data:text/html;base64,aGk=",
    "data:image/png,x",
    `see ${PICTURE}`,
    "data:image/png;base64,a\nb",
  ];
  expect(dataPictures(JSON.stringify(texts))).toEqual([]);
});

it("shows a dozen of many", () => {
  expect(dataPictures(JSON.stringify(Array(50).fill(PICTURE)))).toHaveLength(12);
});
