import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "wouter";
import { words } from "../words.js";
import classes from "./ItemHead.module.css";
import { Time } from "./Time.jsx";

/**
 * The first line of the page of one thing: the way back to all of them, how it is doing, what can be done with it.
 *
 * @param {object} props
 * @param {string} props.back where all of them are
 * @param {string} props.backLabel
 * @param {React.ReactNode} props.children
 * @param {React.ReactNode} [props.actions]
 */
export function ItemHead({ back, backLabel, children, actions }) {
  return (
    <div className={classes.line}>
      <Link href={back} className={classes.back}>
        <IconArrowLeft size={15} aria-hidden="true" />
        {backLabel}
      </Link>
      {children}
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

/**
 * Since when a thing is there, and how often it was changed.
 *
 * @param {object} props
 * @param {{revision: number, createdAt: string}} props.of
 */
export function Age({ of: { revision, createdAt } }) {
  return (
    <span className={classes.quiet}>
      {words.common.added} <Time at={createdAt} />
      {revision > 1 && `, ${words.common.nowAt(revision)}`}
    </span>
  );
}

/**
 * One of the actions.
 *
 * @param {object} props
 * @param {React.ComponentType<any>} props.icon
 * @param {string} props.label
 * @param {() => void} [props.onClick]
 * @param {string} [props.href] makes it a link that downloads
 */
export function HeadAction({ icon: Icon, label, onClick, href }) {
  const shared = {
    size: "compact-sm",
    variant: "default",
    leftSection: <Icon size={15} stroke={1.7} aria-hidden="true" />,
  };
  if (href) {
    return (
      <Button component="a" href={href} download {...shared}>
        {label}
      </Button>
    );
  }
  return (
    <Button onClick={onClick} {...shared}>
      {label}
    </Button>
  );
}
