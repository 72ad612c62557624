import { Skeleton, Text } from "@mantine/core";
import { useState } from "react";
import { resourceContentUrl, useResource } from "../../../api/resources.js";
import { QueryView } from "../../../components/QueryView.jsx";
import { SourceView } from "../../../components/SourceView.jsx";
import { words } from "../../../words.js";
import classes from "./FilesTab.module.css";

const PICTURE = /\.(png|jpe?g|gif|webp|bmp|ico|avif)$/i;
const SMALL_PX = 96;

/**
 * A data file's picture or text.
 *
 * @param {object} props
 * @param {string} props.name
 */
export function FileContent({ name }) {
  return PICTURE.test(name) ? <Picture name={name} /> : <FileText name={name} />;
}

/**
 * @param {object} props
 * @param {string} props.name
 */
function Picture({ name }) {
  const [failed, setFailed] = useState(false);
  const [isSmall, setIsSmall] = useState(false);
  if (failed) return <NotShown />;
  return (
    <img
      className={classes.picture}
      data-small={isSmall}
      src={resourceContentUrl(name)}
      alt={name}
      onLoad={({ currentTarget: { naturalWidth } }) => setIsSmall(naturalWidth <= SMALL_PX)}
      onError={() => setFailed(true)}
    />
  );
}

/**
 * @param {object} props
 * @param {string} props.name
 */
function FileText({ name }) {
  const resource = useResource(name);
  return (
    <QueryView query={resource} skeleton={<Skeleton height={120} />}>
      {({ text }) => (text == null ? <NotShown /> : <SourceView label={name} text={text} />)}
    </QueryView>
  );
}

function NotShown() {
  return (
    <Text size="sm" c="dimmed" py="xs">
      {words.resources.notText}
    </Text>
  );
}
