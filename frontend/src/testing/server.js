/// <reference types="node" />
import { createServer } from "node:http";
import { onTestFinished } from "vitest";

/**
 * @typedef {{method: string, path: string, search: string, body: string, contentType: string, ifMatch?: string}} Received
 * @typedef {{status?: number, json?: unknown, text?: string, headers?: Record<string, string>,
 *   stream?: (connection: import("node:http").ServerResponse) => void}} Reply `stream` goes on with the answer by itself
 * @typedef {Record<string, (call: Received) => Reply | Promise<Reply>>} Routes by `METHOD path`
 */

/**
 * Start an HTTP server with canned answers and let the document come from it; it stops with the test.
 *
 * @param {Routes} routes paths below `/api/v1`
 * @returns {Promise<Received[]>} the calls it got, as they come in
 */
export async function serveApi(routes) {
  /** @type {Received[]} */
  const calls = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, search } = new URL(request.url ?? "/", "http://here");
    const call = {
      method: request.method ?? "",
      path: pathname.replace(/^\/api\/v1\//, ""),
      search,
      body: Buffer.concat(chunks).toString("latin1"),
      contentType: request.headers["content-type"] ?? "",
      ifMatch: request.headers["if-match"],
    };
    // jsdom's XMLHttpRequest keeps to the origin that the document had first.
    const headers = {
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Allow-Headers": "*",
      "Access-Control-Allow-Methods": "*",
    };
    if (call.method === "OPTIONS") {
      response.writeHead(204, headers).end();
      return;
    }
    calls.push(call);
    const reply = await (routes[`${call.method} ${call.path}`] ?? (() => problem(404, "not-found", "?")))(
      call,
    );
    if (reply.stream) {
      response.writeHead(reply.status ?? 200, { ...headers, ...reply.headers }).flushHeaders();
      reply.stream(response);
      return;
    }
    const body = reply.text ?? (reply.json === undefined ? "" : JSON.stringify(reply.json));
    response.writeHead(reply.status ?? 200, { ...headers, ...reply.headers }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  moveTo(`http://127.0.0.1:${port}/`);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return calls;
}

/**
 * Give the document another address, as if it had been loaded from there.
 *
 * @param {string} url
 */
export function moveTo(url) {
  // Vitest puts the instance of its environment there.
  /** @type {any} */ (globalThis).jsdom.reconfigure({ url });
}

/**
 * A refusal as the server words it.
 *
 * @param {number} status
 * @param {string} code
 * @param {string} detail
 * @param {Record<string, unknown>} [more]
 * @returns {Reply}
 */
export function problem(status, code, detail, more = {}) {
  return { status, json: { status, code, title: code, detail, ...more } };
}
