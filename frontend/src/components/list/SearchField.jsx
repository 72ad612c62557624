import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useRef } from "react";
import classes from "./ToolLine.module.css";
import { useSlash } from "./useSlash.js";

/**
 * Where one writes what is searched: `/` leads there, Escape empties it.
 *
 * @param {object} props
 * @param {string} props.label what the search is called, e.g. `Search pipelines`
 * @param {string} props.value
 * @param {(value: string) => void} props.onChange
 * @param {number} [props.maxLength]
 */
export function SearchField({ label, value, onChange, maxLength }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useSlash(field);
  return (
    <TextInput
      ref={field}
      type="search"
      className={classes.search}
      aria-label={label}
      aria-keyshortcuts="/"
      placeholder={label}
      leftSection={<IconSearch size={16} stroke={1.7} aria-hidden="true" />}
      rightSection={
        value ? null : (
          <span className={classes.key} aria-hidden="true">
            /
          </span>
        )
      }
      rightSectionPointerEvents="none"
      value={value}
      maxLength={maxLength}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Escape" && onChange("")}
    />
  );
}
