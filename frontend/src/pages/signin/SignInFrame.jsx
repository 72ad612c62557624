import { Group, Paper, Text } from "@mantine/core";
import { Mark } from "../../components/Mark.jsx";
import { words } from "../../words.js";
import classes from "./SignInFrame.module.css";

/**
 * The frame of the pages that one sees before signing in.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {React.ReactNode} props.children
 */
export function SignInFrame({ title, children }) {
  return (
    <main className={classes.frame}>
      <title>{`${title} · ${words.product}`}</title>
      <Group gap={10} mb="lg">
        <Mark size={32} />
        <Text component="span" className={classes.product}>
          {words.product}
        </Text>
      </Group>
      <Paper className={classes.paper} withBorder p="lg">
        {children}
      </Paper>
    </main>
  );
}
