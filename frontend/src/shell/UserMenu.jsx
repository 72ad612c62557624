import { ActionIcon, Menu, Text, useMantineColorScheme } from "@mantine/core";
import { IconApi, IconLogout, IconUserCircle } from "@tabler/icons-react";
import { Link } from "wouter";
import { useSession, useSignOut } from "../api/session.js";
import { words } from "../words.js";

/** @type {("auto" | "light" | "dark")[]} */
const SCHEMES = ["auto", "light", "dark"];

/** Who is signed in, the choice of colours, and the way out. */
export function UserMenu() {
  const session = useSession().data;
  const signOut = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  if (!session) return null;
  return (
    <Menu position="bottom-end" width={232} shadow="md">
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
          {words.shell.role[session.role]}
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
        <Menu.Item component={Link} href="/docs" leftSection={<IconApi size={16} aria-hidden="true" />}>
          {words.docs.link}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden="true" />} onClick={() => signOut.mutate()}>
          {words.shell.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
