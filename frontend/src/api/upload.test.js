import { expect, it } from "vitest";
import { problem, serveApi } from "../testing/server.js";
import { upload } from "./upload.js";

const FILES = [new File(["model"], "m.onnx"), new File(["tensors"], "m.onnx.data")];

it("sends the fields before the files", async () => {
  const calls = await serveApi({ "POST models": () => ({ status: 201, json: { name: "n" } }) });
  await expect(upload("models", { fields: { name: "n" }, files: FILES })).resolves.toEqual({ name: "n" });
  expect(calls[0].contentType).toMatch(/^multipart\/form-data/);
  expect(calls[0].body).toMatch(/name="name"[\s\S]*filename="m.onnx"[\s\S]*filename="m.onnx.data"/);
});

it("fails with what the server says", async () => {
  await serveApi({ "POST models": () => problem(413, "too-large", "Too large.", { limitBytes: 5 }) });
  await expect(upload("models", { files: FILES })).rejects.toMatchObject({
    code: "too-large",
    message: "Too large.",
    details: { limitBytes: 5 },
  });
});

it("can be broken off", async () => {
  const controller = new AbortController();
  await serveApi({
    "POST models": () => {
      controller.abort();
      return new Promise(() => {});
    },
  });
  await expect(upload("models", { files: FILES, signal: controller.signal })).rejects.toMatchObject({
    name: "AbortError",
  });
});

it("replaces a version of something", async () => {
  const calls = await serveApi({ "PUT models/n/content": () => ({ json: {} }) });
  await upload("models/n/content", { method: "PUT", ifMatch: '"1-2"', files: FILES });
  expect(calls[0]).toMatchObject({ method: "PUT", ifMatch: '"1-2"' });
});
