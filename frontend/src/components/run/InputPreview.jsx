import { Code, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { contentOf } from "../../lib/contentKind.js";
import { formatBytes } from "../../lib/format.js";
import { words } from "../../words.js";
import classes from "./InputPreview.module.css";

/** @import { Content } from "../../lib/contentKind.js" */

/**
 * What will be sent: a picture where the browser can show it, the beginning of a text, else how much it is.
 *
 * @param {object} props
 * @param {Blob} props.content
 */
export function InputPreview({ content }) {
  const [shown, setShown] = useState(/** @type {{of: Blob, found: Content, url: string} | null} */ (null));

  useEffect(() => {
    let url = "";
    let isOver = false;
    contentOf(content).then(
      (found) => {
        if (isOver) return;
        if (found.kind === "picture")
          url = URL.createObjectURL(content.slice(0, content.size, found.mediaType));
        setShown({ of: content, found, url });
      },
      // The file went away; sending it will say so.
      () => {},
    );
    return () => {
      isOver = true;
      if (url) URL.revokeObjectURL(url);
    };
  }, [content]);

  if (shown?.of !== content) return null;
  const { found, url } = shown;
  return (
    <figure className={classes.preview} aria-label={words.run.preview}>
      {found.kind === "picture" && (
        <img
          src={url}
          alt={words.run.inputPicture}
          className={classes.picture}
          onError={() => setShown({ of: content, found: { kind: "bytes" }, url: "" })}
        />
      )}
      {found.kind === "text" && (
        <Code block className={classes.text} tabIndex={0}>
          {found.text}
          {!found.whole && "…"}
        </Code>
      )}
      {found.kind === "bytes" && (
        <Text size="xs" c="dimmed">
          {words.run.noPreview(formatBytes(content.size))}
        </Text>
      )}
    </figure>
  );
}
