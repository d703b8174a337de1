import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { isMortiseError, type ObjectStore, parseKey } from "@mortise/core";
import { openAzureStore } from "@mortise/store-azure";
import { openGcsStore } from "@mortise/store-gcs";
import { openS3Store } from "@mortise/store-s3";
import { describe, expect, it } from "vitest";
import type { Fault } from "./faults/fault.ts";
import * as refusals from "./faults/refusals.ts";
import { startS3Server } from "./server.ts";

const credentials = { accessKeyId: "AKIALOOPBACK", secretAccessKey: "loopback-secret" };
const retry = { attempts: 2, baseMs: 1, maxMs: 2 };

const failure = async (work: () => Promise<unknown>) => {
  const error: unknown = await work().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(isMortiseError(error), String(error)).toBe(true);
  return error as Error & { readonly code: string; readonly hint?: string };
};

const refused: readonly (readonly [Fault, string, RegExp])[] = [
  [refusals.redirects301, "invalid-config", /endpoint/],
  [refusals.redirects307, "invalid-config", /endpoint/],
  [refusals.noSuchBucket, "invalid-config", /create the bucket/],
  [refusals.deniesEverything, "permission-denied", /s3:(?:GetObject|ListBucket)/],
  [refusals.expiredToken, "unauthenticated", /temporary credentials/],
];

describe.concurrent("a server that refuses is a clear error", () => {
  it.each(refused.map((each) => [each[0].name, ...each] as const))("%s", async (_, fault, code, hint) => {
    await using elsewhere = await startS3Server();
    await using server = await startS3Server({ elsewhere: elsewhere.origin, faults: [fault] });
    await using store = await openS3Store({ endpoint: server.origin, bucket: "lab", credentials, retry });
    for (const work of [
      () => store.put(parseKey("k"), new Uint8Array(3)),
      () => store.get(parseKey("k")),
      () => Array.fromAsync(store.list()),
    ]) {
      const error = await failure(work);
      expect([error.code, error.hint]).toEqual([code, expect.stringMatching(hint)]);
    }
    expect(elsewhere.counts).toEqual({});
  });

  it("denied listing names the permission that lacks", async () => {
    await using server = await startS3Server({ faults: [refusals.deniesList] });
    await using store = await openS3Store({ endpoint: server.origin, bucket: "lab", credentials, retry });
    const error = await failure(() => Array.fromAsync(store.list()));
    expect([error.code, error.hint]).toEqual(["permission-denied", expect.stringMatching(/s3:ListBucket/)]);
  });

  it.each([
    ["put", (store: ObjectStore) => store.put(parseKey("k"), new Uint8Array(3))],
    ["get", (store: ObjectStore) => store.get(parseKey("k"))],
    ["head", (store: ObjectStore) => store.head(parseKey("k"))],
    ["delete", (store: ObjectStore) => store.delete(parseKey("k"))],
    ["list", (store: ObjectStore) => Array.fromAsync(store.list())],
  ] as const)("a wrong region names the right one: %s", async (_, work) => {
    const signer = { accessKey: credentials.accessKeyId, secretKey: credentials.secretAccessKey };
    await using server = await startS3Server({ credentials: signer, region: "eu-central-1" });
    const endpoint = server.origin;
    await using store = await openS3Store({ endpoint, bucket: "lab", region: "us-east-1", credentials, retry });
    const error = await failure(() => work(store));
    expect([error.code, error.hint]).toEqual(["invalid-config", expect.stringMatching(/"region" to "eu-central-1"/)]);
  });

  it.each([
    ["head", (store: ObjectStore) => store.head(parseKey("k"))],
    ["delete", (store: ObjectStore) => store.delete(parseKey("k"))],
  ] as const)("a bucket that does not exist is no missing object: %s", async (_, work) => {
    await using server = await startS3Server({ bucket: "another" });
    await using store = await openS3Store({ endpoint: server.origin, bucket: "lab", credentials, retry });
    const error = await failure(() => work(store));
    expect([error.code, error.hint]).toEqual(["invalid-config", expect.stringMatching(/create the bucket/)]);
  });

  it("TLS to a port that speaks plain HTTP says so", async () => {
    const server = createHttpServer((_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await using store = await openS3Store({ endpoint, bucket: "lab", credentials, retry });
      for (const work of [() => store.get(parseKey("k")), () => Array.fromAsync(store.list())]) {
        const error = await failure(work);
        expect([error.code, error.hint]).toEqual(["invalid-config", expect.stringMatching(/"secure" to false/)]);
      }
    } finally {
      server.close();
    }
  });

  it("plain HTTP to a port that speaks TLS says so", async () => {
    // What servers written in Go answer, as MinIO is: they tell the mistake in plain HTTP.
    const text = "Client sent an HTTP request to an HTTPS server.\n";
    const answer = `HTTP/1.0 400 Bad Request\r\n\r\n${text}`;
    const server = createServer((socket) => socket.on("error", () => undefined).once("data", () => socket.end(answer)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const endpoint = `http://127.0.0.1:${port}`;
      await using store = await openS3Store({ endpoint, bucket: "lab", credentials, retry });
      for (const work of [() => store.get(parseKey("k")), () => Array.fromAsync(store.list())]) {
        const error = await failure(work);
        expect([error.code, error.hint]).toEqual(["invalid-config", expect.stringMatching(/"secure" to true/)]);
      }
    } finally {
      server.close();
    }
  });

  it("a clock that stays wrong after it was corrected says so", async () => {
    // The correction does not help where the server's Date and its judgement differ.
    const signer = { accessKey: credentials.accessKeyId, secretKey: credentials.secretAccessKey };
    await using server = await startS3Server({ credentials: signer, faults: [refusals.wrongClock] });
    await using store = await openS3Store({ endpoint: server.origin, bucket: "lab", credentials, retry });
    const error = await failure(() => store.head(parseKey("k")));
    expect([error.code, error.hint]).toEqual(["unauthenticated", expect.stringMatching(/clock/)]);
  });
});

const azureKey = Buffer.from("account-key").toString("base64");
const openers = {
  s3: (endpoint: string) => openS3Store({ endpoint, bucket: "lab", credentials }),
  gcs: (endpoint: string) => openGcsStore({ endpoint, bucket: "lab" }),
  azure: (endpoint: string) =>
    openAzureStore({ endpoint, container: "lab", auth: { sharedKey: { accountName: "a", accountKey: azureKey } } }),
};
const endpoints = [
  ["http://169.254.169.254", /link-local/],
  ["http://[fe80::1]:9000", /link-local/],
  ["file:///etc", /http/],
  ["http://user:canary-password@example.org", /credentials/],
  ["http://example.org/path", /path/],
  ["http://example.org?sig=canary-signature", /query/],
] as const;
const combinations = Object.entries(openers).flatMap(([protocol, open]) =>
  endpoints.map(([endpoint, says]) => [protocol, endpoint, open, says] as const),
);

describe.concurrent("an endpoint that is none is refused before anything is sent", () => {
  it.each(combinations)("%s %s", async (_, endpoint, open, says) => {
    const error = await failure(() => open(endpoint));
    expect(error.message).toMatch(says);
    expect(String(error)).not.toMatch(/canary/);
  });
});
