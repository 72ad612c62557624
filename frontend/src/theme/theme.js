import { createTheme } from "@mantine/core";
import { words } from "../words.js";

/** The accent, light to dark. Shade 8 has 5.5 : 1 on white, shade 4 has 8 : 1 on the dark surface. */
const petrol = /** @type {const} */ ([
  "#e8f7fa",
  "#d3edf2",
  "#a5d9e3",
  "#74c5d4",
  "#4db3c6",
  "#2f9fb5",
  "#1a8aa1",
  "#11788e",
  "#0c687c",
  "#08515f",
]);

/** Mantine's dark greys with the accent's cool tint: text, borders, controls, surfaces. */
const dark = /** @type {const} */ ([
  "#e7edef",
  "#c2cdd1",
  "#a0afb5",
  "#6f7f86",
  "#3b474c",
  "#2d373b",
  "#232c30",
  "#1a2124",
  "#13191b",
  "#0d1112",
]);

/**
 * Mantine's defaults, set once so that no page repeats them. Without `Select.extend()` and the like: all these
 * components would be loaded with the first page, whether it has them or not.
 */
export const theme = createTheme({
  primaryColor: "petrol",
  primaryShade: { light: 8, dark: 7 },
  colors: { petrol, dark },
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.9375rem", lg: "1.0625rem", xl: "1.25rem" },
  headings: { fontWeight: "600" },
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: "lg" } },
    Button: { defaultProps: { size: "sm" } },
    // Its placeholder for the first focus is no child that a menu may have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: {
      defaultProps: {
        centered: true,
        closeButtonProps: { "aria-label": words.common.close },
        overlayProps: { backgroundOpacity: 0.45 },
        transitionProps: { duration: 120 },
        styles: { title: { fontSize: "1.0625rem", fontWeight: 600, overflowWrap: "anywhere" } },
      },
    },
    // A header element of its own would make each dialog a second banner of the page.
    ModalHeader: { defaultProps: { role: "presentation" } },
    MultiSelect: {
      defaultProps: { comboboxProps: { transitionProps: { duration: 0 } } },
    },
    Notification: {
      defaultProps: { closeButtonProps: { "aria-label": words.common.close } },
    },
    Popover: { defaultProps: { shadow: "md", transitionProps: { duration: 100 } } },
    Select: { defaultProps: { comboboxProps: { transitionProps: { duration: 0 } } } },
    TextInput: { defaultProps: { autoComplete: "off" } },
    Textarea: { defaultProps: { autoComplete: "off" } },
    Tooltip: {
      defaultProps: { openDelay: 300, withArrow: true, events: { hover: true, focus: true, touch: false } },
    },
  },
});
