import { useContext } from "react";
import { Link, useRoute } from "wouter";
import classes from "./Navigator.module.css";
import { NavigatorContext } from "./NavigatorContext.js";

/**
 * The way to one section.
 *
 * @param {object} props
 * @param {import("../sections.js").Section} props.section
 */
export function NavigatorEntry({ section: { path, title, icon: Icon } }) {
  const { close } = useContext(NavigatorContext);
  // The pages below it count as its own, but all pages are below the first one.
  const [current] = useRoute(path === "/" ? path : `${path}/*?`);
  return (
    <Link href={path} className={classes.entry} onClick={close} aria-current={current ? "page" : undefined}>
      <Icon size={19} stroke={1.7} aria-hidden="true" />
      {title}
    </Link>
  );
}
