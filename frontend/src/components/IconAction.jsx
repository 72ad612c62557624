import { ActionIcon, Tooltip } from "@mantine/core";
import classes from "./IconAction.module.css";

/**
 * A button that is an icon; its label is its accessible name and its tooltip.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {React.ComponentType<any>} props.icon
 * @param {string} [props.hint] the tooltip, where the label is longer than needed
 * @param {boolean} [props.destroys] turns red when one is about to press it
 * @param {() => void} [props.onClick]
 * @param {string} [props.href] makes it a link that downloads
 */
export function IconAction({ label, icon: Icon, hint = label, destroys = false, onClick, href }) {
  const className = destroys ? classes.destroys : undefined;
  const shown = <Icon size={18} stroke={1.7} aria-hidden="true" />;
  return (
    <Tooltip label={hint}>
      {href ? (
        <ActionIcon component="a" href={href} download aria-label={label} className={className}>
          {shown}
        </ActionIcon>
      ) : (
        <ActionIcon onClick={onClick} aria-label={label} className={className}>
          {shown}
        </ActionIcon>
      )}
    </Tooltip>
  );
}
