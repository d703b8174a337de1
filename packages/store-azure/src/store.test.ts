import { inspect } from "node:util";
import type { ObjectStore } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { openAzureStore } from "./store.ts";
import type { Answer } from "./testing/blob-server.ts";
import { refusal, startBlobServer } from "./testing/blob-server.ts";

const key = parseKey("a");
const accountKey = Buffer.from("canary of a key").toString("base64");
const secrets = [accountKey, "canary", "SharedKey lab1", "sig="];

const openers: Readonly<Record<string, (endpoint: string) => Promise<ObjectStore>>> = {
  key: (endpoint) =>
    openAzureStore({
      container: "raw",
      endpoint,
      auth: { sharedKey: { accountName: "lab1", accountKey } },
      retry: { attempts: 1 },
    }),
  SAS: (endpoint) =>
    openAzureStore({
      container: "raw",
      endpoint,
      accountName: "lab1",
      auth: { sas: "sp=rcwdl&sig=canary" },
      retry: { attempts: 1 },
    }),
};

/** Every kind of request, of the lean path and of the SDK. */
const requests: Readonly<Record<string, (store: ObjectStore) => Promise<unknown>>> = {
  get: (store) => store.get(key),
  head: (store) => store.head(key),
  list: async (store) => {
    for await (const page of store.list()) expect(page).toBeDefined();
  },
  uploads: async (store) => {
    for await (const upload of store.multipart?.list() ?? []) expect(upload).toBeDefined();
  },
};

const echo = "The MAC signature 'canary' is wrong, server used 'canary' for ?sig=canary";
const answers: Readonly<Record<string, Answer>> = {
  "a refused signature": refusal(403, "AuthenticationFailed", echo),
  "a redirect": { status: 301, headers: { location: "http://127.0.0.1:1/?sig=canary" }, body: echo },
  "a failing server": refusal(500, "InternalError", echo),
  "another server": { status: 404, body: `<html>${echo}</html>` },
};

describe("what is refused", () => {
  for (const [how, open] of Object.entries(openers)) {
    for (const [what, answer] of Object.entries(answers)) {
      it.each(Object.keys(requests))(`with a ${how} by ${what} is an error without secrets: %s`, async (name) => {
        await using server = await startBlobServer(() => answer);
        await using store = await open(server.origin);
        const error: unknown = await requests[name]?.(store).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ name: "StoreError", status: answer.status });
        // One attempt, and no other place was asked.
        expect(server.seen).toHaveLength(1);
        const printed = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error) + String(error);
        for (const secret of secrets) expect(printed).not.toContain(secret);
      });
    }
  }

  it("by nobody, because nothing listens, says so without secrets", async () => {
    const server = await startBlobServer(() => ({ status: 200 }));
    await server[Symbol.asyncDispose]();
    for (const open of Object.values(openers)) {
      await using store = await open(server.origin);
      for (const request of Object.values(requests)) {
        const error: unknown = await request(store).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: "unavailable", retryable: true, message: /refused/ });
        expect(inspect(error, { depth: 9 })).not.toContain("canary");
      }
    }
  });
});
