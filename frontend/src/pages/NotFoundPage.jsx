import { Button, Stack, Text } from "@mantine/core";
import { Link } from "wouter";
import { Page } from "../components/Page.jsx";
import { sections } from "../sections.js";
import { words } from "../words.js";

/** Says that an address leads nowhere. */
export function NotFoundPage() {
  return (
    <Page title={words.errors.notFound}>
      <Stack align="flex-start">
        <Text>{words.errors.notFoundHint}</Text>
        <Button component={Link} href={sections[0].path} variant="default">
          {words.errors.goHome}
        </Button>
      </Stack>
    </Page>
  );
}
