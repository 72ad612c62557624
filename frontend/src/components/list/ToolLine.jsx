import classes from "./ToolLine.module.css";

/**
 * The line above a list, with what one finds something in it by.
 *
 * @param {object} props
 * @param {React.ReactNode} props.children
 */
export function ToolLine({ children }) {
  return <div className={classes.tools}>{children}</div>;
}
