import "./theme/mantine.css";
import "@mantine/notifications/styles.layer.css";
import "@fontsource-variable/inter/index.css";
import "./theme/tokens.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeQueryClient } from "./api/queryClient.js";
import { AppRouter } from "./router.jsx";
import { theme } from "./theme/theme.js";

const root = /** @type {HTMLElement} */ (document.getElementById("root"));

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={makeQueryClient()}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <Notifications position="bottom-left" containerWidth={320} autoClose={6000} />
        <AppRouter />
      </MantineProvider>
    </QueryClientProvider>
  </StrictMode>,
);
