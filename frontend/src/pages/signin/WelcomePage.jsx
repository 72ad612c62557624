import { Group, Loader, Stack, Text, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { ApiError } from "../../api/errors.js";
import { useSignIn } from "../../api/session.js";
import { Notice } from "../../components/Notice.jsx";
import { sections } from "../../sections.js";
import { words } from "../../words.js";
import { SignInFrame } from "./SignInFrame.jsx";
import { TokenForm } from "./TokenForm.jsx";

/** @returns {string} the one-time code in the address; empty where there is none */
function readCode() {
  return new URLSearchParams(window.location.hash.slice(1)).get("code") ?? "";
}

/** Where the link that the server prints leads: signs in by its code and goes on to the first page. */
export function WelcomePage() {
  const [, navigate] = useLocation();
  const signIn = useSignIn();
  const [reason, setReason] = useState(readCode() ? "" : words.signIn.codeMissing);
  const goOn = () => navigate(sections[0].path, { replace: true });

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens.
  useEffect(() => {
    const code = readCode();
    if (!code) return;
    // Out of the address at once: it works one time only and belongs in no history.
    window.history.replaceState(null, "", window.location.pathname);
    signIn
      .mutateAsync({ code })
      .then(goOn, (error) => setReason(error instanceof ApiError ? error.message : words.errors.crashed));
  }, []);

  if (!reason) {
    return (
      <SignInFrame title={words.signIn.title}>
        <Group role="status">
          <Loader size="sm" />
          <Text>{words.signIn.busy}</Text>
        </Group>
      </SignInFrame>
    );
  }
  return (
    <SignInFrame title={words.signIn.title}>
      <Stack>
        <Title order={1} size="h3">
          {words.signIn.title}
        </Title>
        <Notice tone="error" title={words.signIn.linkFailed}>
          {reason} {words.signIn.linkHint}
        </Notice>
        <TokenForm explain={words.signIn.orToken} onSignedIn={goOn} />
      </Stack>
    </SignInFrame>
  );
}
