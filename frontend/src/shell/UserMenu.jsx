import { ActionIcon, Menu, Text, useMantineColorScheme } from "@mantine/core";
import { IconApi, IconHistory, IconLogout, IconSettings, IconUserCircle } from "@tabler/icons-react";
import { Link } from "wouter";
import { useSession, useSignOut } from "../api/session.js";
import { words } from "../words.js";

/** @type {("auto" | "light" | "dark")[]} */
const SCHEMES = ["auto", "light", "dark"];

/** Who is signed in and by what, the choice of colours, and the way out. */
export function UserMenu() {
  const session = useSession().data;
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  if (!session) return null;
  // Who may only call has one page, and may read none of these.
  const hasPages = session.role !== "PREDICT";
  return (
    <Menu position="bottom-end" width={248} shadow="md">
      <Menu.Target>
        <ActionIcon size="xl" aria-label={words.shell.userMenu(session.name)}>
          <IconUserCircle size={26} stroke={1.5} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--ink)">
            {session.name}
          </Text>
          {session.role}: {words.roles.short[session.role]}
          <br />
          {words.shell.by[session.by]}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{words.shell.scheme}</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(scheme) => setColorScheme(/** @type {typeof colorScheme} */ (scheme))}
        >
          {SCHEMES.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick={false}>
              {words.shell.schemes[scheme]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        {hasPages && (
          <>
            <Menu.Item
              component={Link}
              href="/settings"
              leftSection={<IconSettings size={16} aria-hidden="true" />}
            >
              {words.settings.title}
            </Menu.Item>
            {session.role === "ADMIN" && (
              <Menu.Item
                component={Link}
                href="/audit"
                leftSection={<IconHistory size={16} aria-hidden="true" />}
              >
                {words.audit.title}
              </Menu.Item>
            )}
            <Menu.Item component={Link} href="/docs" leftSection={<IconApi size={16} aria-hidden="true" />}>
              {words.docs.link}
            </Menu.Item>
          </>
        )}
        {session.by !== "nobody" && (
          <Menu.Item
            leftSection={<IconLogout size={16} aria-hidden="true" />}
            onClick={() => signOut.mutate()}
          >
            {words.shell.signOut}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
