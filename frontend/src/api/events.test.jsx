import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../testing/render.jsx";
import { aPipeline } from "../testing/samples.js";
import { moveTo, problem, serveApi } from "../testing/server.js";
import { useConnection } from "./connection.js";
import { useEvents } from "./events.js";
import { usePipelines } from "./pipelines.js";

/** @import { ServerResponse } from "node:http" */

function Page() {
  useEvents();
  const connection = useConnection();
  return (
    <>
      <p>{connection}</p>
      <p>
        {usePipelines()
          .data?.map(({ name }) => name)
          .join(" and ")}
      </p>
    </>
  );
}

/** A server with pipelines of these names, whose streams the test writes to. */
async function aServer() {
  const names = ["digits"];
  /** @type {ServerResponse[]} */
  const streams = [];
  const calls = await serveApi({
    "GET pipelines": () => ({ json: { items: names.map((name) => aPipeline({ id: name, name })) } }),
    "GET events": () => ({
      stream: (connection) => {
        connection.write(": hello\n\n");
        streams.push(connection);
      },
    }),
  });
  return { names, streams, calls };
}

const CHANGED = 'event: changed\ndata: {"what": ["pipelines"], "names": ["iris"]}\n\n';

it("asks again for what the server says has changed", async () => {
  const { names, streams } = await aServer();
  show(<Page />);
  await screen.findByText("live");
  await screen.findByText("digits");
  names.push("iris");
  // As the network cuts it.
  streams[0].write(CHANGED.slice(0, 20));
  streams[0].write(CHANGED.slice(20));
  expect(await screen.findByText("digits and iris")).toBeTruthy();
});

it("leaves alone what hasn't changed", async () => {
  const { streams, calls } = await aServer();
  show(<Page />);
  await screen.findByText("live");
  await screen.findByText("digits");
  streams[0].write(CHANGED.replace("pipelines", "statistics") + CHANGED);
  await waitFor(() => expect(calls.filter(({ path }) => path === "pipelines").length).toBe(2));
});

it("comes back by itself and asks for all that it missed", async () => {
  const { names, streams } = await aServer();
  show(<Page />);
  await screen.findByText("digits");
  await waitFor(() => expect(streams.length).toBe(1));
  names.push("iris");
  streams[0].destroy();
  expect(await screen.findByText("digits and iris")).toBeTruthy();
  expect(await screen.findByText("live")).toBeTruthy();
  expect(streams.length).toBe(2);
});

it("says that nobody answers", async () => {
  await serveApi({});
  moveTo("http://127.0.0.1:9/");
  show(<Page />);
  expect(await screen.findByText("offline")).toBeTruthy();
});

it.each([
  ["refuses", () => problem(503, "not-available", "Too many."), "polling"],
  ["is behind a proxy that doesn't find it", () => ({ status: 502, text: "Bad gateway" }), "offline"],
])("knows what it means when the server %s", async (_, answer, connection) => {
  const calls = await serveApi({ "GET events": answer });
  show(<Page />);
  await waitFor(() => expect(calls.filter(({ path }) => path === "events").length).toBeGreaterThan(1));
  expect(screen.getByText(connection)).toBeTruthy();
});
