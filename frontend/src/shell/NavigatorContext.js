import { createContext } from "react";

/** Whether the navigator is open on a narrow screen, and how to change that. */
export const NavigatorContext = createContext({ opened: false, toggle: () => {} });
