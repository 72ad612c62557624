import { Blob as NodeBlob } from "node:buffer";
import { notifications } from "@mantine/notifications";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";

// What jsdom lacks and Mantine asks for.
window.matchMedia = (media) =>
  Object.assign(new EventTarget(), {
    matches: false,
    media,
    onchange: null,
    addListener: () => {},
    removeListener: () => {},
  });
window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
window.IntersectionObserver = class {
  root = null;
  rootMargin = "";
  scrollMargin = "";
  thresholds = /** @type {number[]} */ ([]);
  observe() {}
  unobserve() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
};
Element.prototype.scrollIntoView = () => {};
window.scrollTo = () => {};

// Newer releases of Node.js make what `fetch` gives of the Blob that is there: jsdom's can neither be read nor sent by them.
Object.defineProperty(globalThis, "Blob", { value: NodeBlob, configurable: true, writable: true });

Object.defineProperty(document, "fonts", { value: new EventTarget(), configurable: true });

// A busy machine shows a page late; a test that fails for good waits this long once.
configure({ asyncUtilTimeout: 10_000 });

// As in index.html.
beforeEach(() => {
  document.head.innerHTML = '<base href="/" />';
});

afterEach(() => {
  cleanup();
  notifications.clean();
});
