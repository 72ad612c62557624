import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { makeQueryClient } from "../api/queryClient.js";
import { theme } from "../theme/theme.js";

/**
 * Show something as the page does, with all providers, and return a hand that uses it.
 *
 * @param {React.ReactNode} element
 */
export function show(element) {
  const client = makeQueryClient();
  const user = userEvent.setup();
  render(
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} env="test">
        <Notifications />
        {element}
      </MantineProvider>
    </QueryClientProvider>,
  );
  return { client, user };
}
