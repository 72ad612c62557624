import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The server replaces <base href="/">, so every address in the build must be relative to it.
export default defineConfig({
  base: "./",
  plugins: [react()],
  build: {
    // A data: address for a small font or picture would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    target: "baseline-widely-available",
    license: { fileName: "licenses.md" },
  },
  server: {
    proxy: { "/api": process.env.SLUICE_URL ?? "http://127.0.0.1:8000" },
  },
  test: {
    environment: "jsdom",
    // One environment for the files of a worker: making it anew for each took as long as the tests themselves.
    isolate: false,
    maxWorkers: "100%", // vitest leaves one core to whoever waits
    setupFiles: ["src/testing/setup.js"],
    include: ["src/**/*.test.{js,jsx}"],
    restoreMocks: true,
    testTimeout: 30_000,
  },
});
