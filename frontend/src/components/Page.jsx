import { AppShell, Burger, Text, Title } from "@mantine/core";
import { useContext } from "react";
import { NavigatorContext } from "../shell/NavigatorContext.js";
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
        <Burger
          opened={navigator.opened}
          onClick={navigator.toggle}
          hiddenFrom="sm"
          size="sm"
          aria-expanded={navigator.opened}
          aria-label={navigator.opened ? words.shell.closeNavigator : words.shell.openNavigator}
        />
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
