import { Button, Divider, Loader, Stack, Text, Title } from "@mantine/core";
import { oidcUrl, useWays } from "../../api/session.js";
import { words } from "../../words.js";
import { OidcRefusal } from "./OidcRefusal.jsx";
import { SignInFrame } from "./SignInFrame.jsx";
import { SignInWays } from "./SignInWays.jsx";
import { TokenForm } from "./TokenForm.jsx";

/** Tells how to sign in, and takes what this server takes: name and password, an API token, or another sign-in. */
export function SignInPage() {
  const ways = useWays();
  // What the server doesn't tell it hasn't; a token signs in everywhere.
  const { password = false, oidc = null } = ways.data ?? {};
  return (
    <SignInFrame title={words.signIn.title}>
      <Stack>
        <Title order={1} size="h3">
          {words.signIn.title}
        </Title>
        <OidcRefusal />
        {ways.isPending ? (
          <Loader aria-label={words.common.loading} size="sm" />
        ) : (
          <>
            {!password && !oidc && <Text size="sm">{words.signIn.explain}</Text>}
            {oidc && (
              <>
                <Button component="a" href={oidcUrl()} fullWidth variant={password ? "default" : "filled"}>
                  {words.signIn.oidc(oidc.title)}
                </Button>
                <Divider label={words.signIn.or} />
              </>
            )}
            {password ? <SignInWays /> : <TokenForm explain={oidc ? undefined : words.signIn.orToken} />}
          </>
        )}
      </Stack>
    </SignInFrame>
  );
}
