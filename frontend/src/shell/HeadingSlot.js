import { createContext } from "react";

/**
 * The place in the header for the page's heading. The header itself stays when the page changes, so that an open
 * user menu isn't lost when a page has loaded.
 */
export const HeadingSlot = createContext(/** @type {HTMLElement | null} */ (null));
