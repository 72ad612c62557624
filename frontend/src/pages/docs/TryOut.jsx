import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { tryOut } from "../../api/openapi.js";
import { ErrorState } from "../../components/ErrorState.jsx";
import { words } from "../../words.js";
import { Example } from "./Example.jsx";
import { addressOf } from "./schemas.js";

/**
 * Fields for what a question needs, and what the server answers.
 *
 * @param {object} props
 * @param {string} props.path
 * @param {import("../../api/openapi.js").Parameter[]} props.parameters
 */
export function TryOut({ path, parameters }) {
  const [given, setGiven] = useState(/** @type {Record<string, string>} */ ({}));
  const asking = useMutation({ mutationFn: () => tryOut(addressOf(path, parameters, given)) });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        asking.mutate();
      }}
    >
      <Stack gap="xs">
        <Group align="end">
          {parameters
            .filter((one) => one.in !== "header")
            .map((one) => (
              <TextInput
                key={one.name}
                label={one.name}
                required={one.required}
                value={given[one.name] ?? ""}
                onChange={(event) => setGiven({ ...given, [one.name]: event.currentTarget.value })}
              />
            ))}
          <Button type="submit" loading={asking.isPending}>
            {words.docs.tryOut}
          </Button>
        </Group>
        {asking.isError && <ErrorState error={asking.error} onRetry={() => asking.mutate()} />}
        {asking.data !== undefined && (
          <section aria-label={words.docs.answer}>
            <Example text={asking.data} />
          </section>
        )}
      </Stack>
    </form>
  );
}
