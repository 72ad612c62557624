import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSignIn } from "../../api/session.js";
import { words } from "../../words.js";
import { Refusal } from "./Refusal.jsx";
import { useWait } from "./useWait.js";

const text = words.signIn;

/** Signs in by name and password. */
export function PasswordForm() {
  const signIn = useSignIn();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [wasTried, setTried] = useState(false);
  const waitS = useWait(signIn.error);
  const submit = (/** @type {React.FormEvent} */ event) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() && password) signIn.mutate({ name: name.trim(), password });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput
          label={text.name}
          name="username"
          autoComplete="username"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={wasTried && !name.trim() && text.nameMissing}
        />
        <PasswordInput
          label={text.password}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={wasTried && !password && text.passwordMissing}
        />
        <Refusal error={signIn.error} waitS={waitS} />
        <Button type="submit" loading={signIn.isPending} disabled={waitS > 0} fullWidth>
          {text.submit}
        </Button>
        <Text size="xs" c="dimmed">
          {text.forgotten}
        </Text>
      </Stack>
    </form>
  );
}
