import { Box } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import classes from "./Notice.module.css";

/**
 * A framed remark. One of tone `error` is announced.
 *
 * @param {object} props
 * @param {"error" | "warning" | "info"} props.tone
 * @param {string} [props.title]
 * @param {React.ReactNode} [props.action] a button at the right
 * @param {React.ReactNode} [props.children]
 * @param {import("@mantine/core").MantineSpacing} [props.mb]
 */
export function Notice({ tone, title, action, children, mb }) {
  const Icon = tone === "info" ? IconInfoCircle : IconAlertTriangle;
  return (
    <Box className={classes.notice} data-tone={tone} role={tone === "error" ? "alert" : undefined} mb={mb}>
      <Icon size={18} className={classes.icon} aria-hidden="true" />
      <div className={classes.body}>
        {title && <div className={classes.title}>{title}</div>}
        {children}
      </div>
      {action}
    </Box>
  );
}
