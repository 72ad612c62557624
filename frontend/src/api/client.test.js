import { expect, it } from "vitest";
import { moveTo, serveApi } from "../testing/server.js";
import { request } from "./client.js";

it("tells an answer that is no problem document by its status", async () => {
  await serveApi({ "GET models": () => ({ status: 502, text: "<h1>Bad gateway</h1>" }) });
  await expect(request("models")).rejects.toMatchObject({ status: 502, code: "unexpected" });
});

it("tells that no answer came", async () => {
  moveTo("http://127.0.0.1:9/");
  await expect(request("models")).rejects.toMatchObject({ status: 0, code: "unreachable" });
});

it("returns nothing for an empty answer", async () => {
  await serveApi({ "DELETE models/x": () => ({ status: 204 }) });
  await expect(request("models/x", { method: "DELETE" })).resolves.toBeUndefined();
});
