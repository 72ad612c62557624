import { Stack, Text, Title } from "@mantine/core";
import { words } from "../../words.js";
import { SignInFrame } from "./SignInFrame.jsx";
import { TokenForm } from "./TokenForm.jsx";

/** Tells how to sign in, and takes an API token. */
export function SignInPage() {
  return (
    <SignInFrame title={words.signIn.title}>
      <Stack>
        <Title order={1} size="h3">
          {words.signIn.title}
        </Title>
        <Text size="sm">{words.signIn.explain}</Text>
        <TokenForm explain={words.signIn.orToken} />
      </Stack>
    </SignInFrame>
  );
}
