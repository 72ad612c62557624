import { ActionIcon, AppShell, Text, Title } from "@mantine/core";
import { IconMenu2 } from "@tabler/icons-react";
import { useContext } from "react";
import { NavigatorContext, OPENER_ID } from "../shell/NavigatorContext.js";
import { UserMenu } from "../shell/UserMenu.jsx";
import { words } from "../words.js";
import classes from "./Page.module.css";

/**
 * A page below its header: title, how many things there are, user menu.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {string} [props.count] e.g. `1 pipeline`
 * @param {React.ReactNode} props.children
 */
export function Page({ title, count, children }) {
  const navigator = useContext(NavigatorContext);
  return (
    <>
      <title>{`${title} · ${words.product}`}</title>
      <AppShell.Header className={classes.header}>
        <ActionIcon
          id={OPENER_ID}
          onClick={navigator.open}
          hiddenFrom="sm"
          aria-expanded={navigator.opened}
          aria-label={words.shell.openNavigator}
        >
          <IconMenu2 size={22} stroke={1.7} aria-hidden="true" />
        </ActionIcon>
        <div className={classes.heading}>
          <Title order={1} className={classes.title}>
            {title}
          </Title>
          {count && (
            <Text component="span" className={classes.count}>
              {count}
            </Text>
          )}
        </div>
        <UserMenu />
      </AppShell.Header>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        {children}
      </AppShell.Main>
    </>
  );
}
