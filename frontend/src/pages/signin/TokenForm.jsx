import { Button, PasswordInput, Stack } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../../api/errors.js";
import { useSignIn } from "../../api/session.js";
import { words } from "../../words.js";

/**
 * Signs in by an API token.
 *
 * @param {object} props
 * @param {() => void} [props.onSignedIn]
 */
export function TokenForm({ onSignedIn }) {
  const signIn = useSignIn();
  const [token, setToken] = useState("");
  const [missing, setMissing] = useState(false);
  const submit = (/** @type {React.FormEvent} */ event) => {
    event.preventDefault();
    setMissing(token.trim() === "");
    if (token.trim()) signIn.mutate({ token: token.trim() }, { onSuccess: onSignedIn });
  };
  const refused =
    signIn.error instanceof ApiError ? signIn.error.message : signIn.error && words.errors.crashed;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <PasswordInput
          label={words.signIn.token}
          description={words.signIn.orToken}
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={missing ? words.signIn.tokenMissing : refused}
          autoComplete="off"
          name="token"
        />
        <Button type="submit" loading={signIn.isPending} fullWidth>
          {words.signIn.submit}
        </Button>
      </Stack>
    </form>
  );
}
