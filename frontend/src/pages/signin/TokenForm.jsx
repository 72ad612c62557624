import { Button, PasswordInput, Stack } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../../api/errors.js";
import { useSignIn } from "../../api/session.js";
import { words } from "../../words.js";
import { Refusal } from "./Refusal.jsx";
import { useWait } from "./useWait.js";

/**
 * Signs in by an API token.
 *
 * @param {object} props
 * @param {string} [props.explain]
 * @param {() => void} [props.onSignedIn]
 */
export function TokenForm({ explain, onSignedIn }) {
  const signIn = useSignIn();
  const waitS = useWait(signIn.error);
  const [token, setToken] = useState("");
  const [missing, setMissing] = useState(false);
  const submit = (/** @type {React.FormEvent} */ event) => {
    event.preventDefault();
    setMissing(token.trim() === "");
    if (token.trim()) signIn.mutate({ token: token.trim() }, { onSuccess: onSignedIn });
  };
  const { error } = signIn;
  const isTooOften = error instanceof ApiError && error.status === 429;
  const refused = error instanceof ApiError ? error.message : error && words.errors.crashed;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <PasswordInput
          label={words.signIn.token}
          description={explain}
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={missing ? words.signIn.tokenMissing : !isTooOften && refused}
          autoComplete="off"
          name="token"
        />
        {isTooOften && <Refusal error={error} waitS={waitS} />}
        <Button type="submit" loading={signIn.isPending} disabled={waitS > 0} fullWidth>
          {words.signIn.submit}
        </Button>
      </Stack>
    </form>
  );
}
