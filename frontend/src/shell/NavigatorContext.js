import { createContext } from "react";

/** Whether the navigator is open on a narrow screen, and how to change that. */
export const NavigatorContext = createContext({ opened: false, open: () => {}, close: () => {} });

/** The button that opens the navigator, to which the focus goes back. */
export const OPENER_ID = "open-navigator";
