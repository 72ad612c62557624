import { Button, Code, Tabs, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";
import { protocolServer } from "../../api/address.js";
import { exampleInput, isShortInput } from "../../lib/exampleInput.js";
import { saveText } from "../../lib/saveText.js";
import { words } from "../../words.js";
import { CopyText } from "./CopyText.jsx";
import { INPUT_FILE, TOKEN_VARIABLE } from "./call.js";
import { languages } from "./languages.js";
import classes from "./Snippets.module.css";

/** @import { Tensor } from "../../api/types.js" */

const text = words.snippets;
const LANGUAGE_KEY = "sluice-snippet-language";

/**
 * How programs call a pipeline or a model, in several languages, to copy.
 *
 * @param {object} props
 * @param {string} props.url
 * @param {string} props.protocolName under which the Open Inference Protocol knows it
 * @param {boolean} props.givesResult whether post-processing makes one result of the outputs
 * @param {boolean} props.takesFile whether bytes are sent, as pre-processing gets them, or JSON
 * @param {string | null} props.sample the name of a file that may be sent
 * @param {readonly Tensor[]} props.inputs of the model
 */
export function Snippets({ url, protocolName, takesFile, givesResult, sample, inputs }) {
  const [language, setLanguage] = useLocalStorage({
    key: LANGUAGE_KEY,
    defaultValue: languages[0].id,
    getInitialValueInEffect: false,
  });
  const isLong = !takesFile && !isShortInput(inputs);
  const file = takesFile ? (sample ?? text.anyFile) : isLong ? INPUT_FILE : null;
  const call = {
    url,
    contentType: takesFile ? "application/octet-stream" : "application/json",
    file,
    json: file === null ? exampleInput(inputs) : null,
    protocol: { ...protocolServer(), name: protocolName, takesFile, givesResult, inputs },
  };
  const known = languages.some(({ id }) => id === language) ? language : languages[0].id;
  return (
    <div className={classes.snippets}>
      <div className={classes.address}>
        <Code className={classes.url}>POST {url}</Code>
        <CopyText label={text.copyAddress} text={url} />
      </div>
      <Text size="sm" c="dimmed">
        {text.token(TOKEN_VARIABLE)}{" "}
        {takesFile ? text.bytes(file ?? "") : isLong ? text.longJson(INPUT_FILE) : text.json}
      </Text>
      {isLong && (
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={15} aria-hidden="true" />}
            onClick={() => saveText(JSON.stringify(exampleInput(inputs)), INPUT_FILE)}
          >
            {text.saveInput(INPUT_FILE)}
          </Button>
        </div>
      )}
      <Tabs value={known} onChange={(next) => next && setLanguage(next)} keepMounted={false}>
        <Tabs.List aria-label={text.language}>
          {languages.map(({ id, title }) => (
            <Tabs.Tab key={id} value={id}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {languages.map(({ id, title, write }) => (
          <Tabs.Panel key={id} value={id}>
            <Snippet title={title} hint={text.hints[id]} code={write(call)} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}

/**
 * @param {object} props
 * @param {string} props.title
 * @param {string | undefined} props.hint
 * @param {string} props.code
 */
function Snippet({ title, hint, code }) {
  return (
    <section className={classes.snippet} aria-label={text.snippet(title)}>
      <div className={classes.head}>
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
        <CopyText label={words.common.copy} text={code} />
      </div>
      <Code block className={classes.code} tabIndex={0}>
        {code}
      </Code>
    </section>
  );
}
