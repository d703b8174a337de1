import { isStoreError } from "@mortise/core";
import type { CloudWrite } from "@mortise/store-kit/cloud";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTokens } from "./auth/tokens.ts";
import { pattern, site, testBackend } from "./testing/backend.ts";
import { startGcsServer } from "./testing/gcs-server.ts";
import type { GcsServer } from "./testing/objects.ts";
import { refusal } from "./testing/objects.ts";

let server: GcsServer;
beforeEach(async () => {
  server = await startGcsServer();
});
afterEach(() => server[Symbol.asyncDispose]());

const write: CloudWrite = { site, mode: "overwrite" };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe("writing", () => {
  it("sends name, type, metadata, digest and bytes in one request", async () => {
    const metadata = { subject: "042" };
    const bytes = pattern(10_000);
    const { etag } = await testBackend(server).put("p/a b/ü.bin", bytes, { ...write, contentType: "x/y", metadata });
    expect(server.seen).toHaveLength(1);
    expect(server.objects.get("p/a b/ü.bin")).toMatchObject({ generation: etag, contentType: "x/y", metadata });
    expect(Buffer.compare(server.objects.get("p/a b/ü.bin")?.bytes ?? Buffer.alloc(0), bytes)).toBe(0);
  });

  it("keeps bytes that look like the framing", async () => {
    const backend = testBackend(server);
    await backend.put("p/a", text("1"), write);
    const framing = server.seen[0]?.body ?? Buffer.alloc(0);
    await backend.put("p/b", framing, write);
    expect(Buffer.compare(server.objects.get("p/b")?.bytes ?? Buffer.alloc(0), framing)).toBe(0);
  });

  it("refuses to create what is there, and to replace another generation", async () => {
    const backend = testBackend(server);
    const { etag = "" } = await backend.put("p/a", text("1"), { ...write, mode: "create" });
    await expect(backend.put("p/a", text("2"), { ...write, mode: "create" })).rejects.toMatchObject({
      code: "already-exists",
    });
    await backend.put("p/a", text("3"), { ...write, mode: { ifMatch: etag } });
    const stale = backend.put("p/a", text("4"), { ...write, mode: { ifMatch: etag } });
    await expect(stale).rejects.toMatchObject({ code: "precondition-failed", retryable: false });
    expect(server.objects.get("p/a")?.bytes.toString()).toBe("3");
  });

  it("never sends an etag of 0, which would mean to create", async () => {
    const put = testBackend(server).put("p/a", text("1"), { ...write, mode: { ifMatch: "0" } });
    await expect(put).rejects.toMatchObject({ code: "precondition-failed" });
    expect(server.seen).toHaveLength(0);
  });

  it("leaves the old object where the promised digest is another", async () => {
    const backend = testBackend(server);
    await backend.put("p/a", text("old"), write);
    const put = backend.put("p/a", text("new"), { ...write, expect: { md5: "0".repeat(32) } });
    await expect(put).rejects.toMatchObject({ code: "checksum-mismatch", retryable: false });
    expect(server.objects.get("p/a")?.bytes.toString()).toBe("old");
  });

  it("removes what a server wrote that does not compare digests, and only that", async () => {
    const resource = { name: "p/a", generation: "77", size: "3", crc32c: "AAAAAA==" };
    server.instead.push(() => ({ status: 200, body: resource }));
    const put = testBackend(server).put("p/a", text("new"), write);
    await expect(put).rejects.toMatchObject({ code: "checksum-mismatch" });
    const last = server.seen.at(-1);
    expect(last?.method).toBe("DELETE");
    expect(last?.url.searchParams.get("generation")).toBe("77");
    expect(last?.url.searchParams.get("ifGenerationMatch")).toBe("77");
  });

  it("refuses metadata that would not come back", async () => {
    for (const metadata of [{ Subject: "1" }, { "a b": "1" }, { a: "ü" }, { a: " 1" }]) {
      await expect(testBackend(server).put("p/a", text("1"), { ...write, metadata })).rejects.toMatchObject({
        code: "unsupported",
      });
    }
    expect(server.objects.size).toBe(0);
  });

  it("bills the project that is named", async () => {
    await testBackend(server, { project: "my lab" }).put("p/a", text("1"), write);
    expect(server.seen[0]?.url.searchParams.get("userProject")).toBe("my lab");
  });
});

describe.each([{ google: true }, { google: false }])("reading with %o", ({ google }) => {
  it("gives bytes, size, generation, type, time and digests", async () => {
    const backend = testBackend(server, { google });
    const { etag } = await backend.put("p/a", text("123456789"), {
      ...write,
      contentType: "x/y",
      metadata: { one: "1" },
    });
    const { object, range, bytes } = await backend.get("p/a", { site });
    expect(Buffer.from(bytes ?? []).toString()).toBe("123456789");
    expect(range).toEqual({ offset: 0, length: 9 });
    const checksums = { md5: "25f9e794323b453885f5181f1b624d0b", crc32c: "e3069283" };
    expect(object).toMatchObject({ size: 9, etag, contentType: "x/y", checksums });
    expect(object.lastModified.toISOString()).toBe("2026-01-02T03:04:05.000Z");
    expect(object.metadata).toEqual(google ? { one: "1" } : undefined);
    expect(await backend.head("p/a", { site })).toMatchObject({ size: 9, etag, checksums, metadata: { one: "1" } });
  });

  it("gives ranges with the size of the whole, and refuses one past the end", async () => {
    const backend = testBackend(server, { google });
    await backend.put("p/a", text("123456789"), write);
    const part = await backend.get("p/a", { site, range: { offset: 7, length: 5 } });
    expect([part.object.size, part.range, Buffer.from(part.bytes ?? []).toString()]).toEqual([
      9,
      { offset: 7, length: 2 },
      "89",
    ]);
    await expect(backend.get("p/a", { site, range: { offset: 9 } })).rejects.toMatchObject({ code: "invalid-range" });
  });

  it("takes an emulator's 206 without bytes for a range past the end", async () => {
    const headers = { "content-range": "bytes 0--1/0", "x-goog-generation": "5" };
    server.instead.push(() => ({ status: 206, headers }));
    const get = testBackend(server, { google }).get("p/a", { site, range: { offset: 0, length: 4 } });
    await expect(get).rejects.toSatisfy(
      (error) => isStoreError(error, "invalid-range") || isStoreError(error, "protocol"),
    );
  });

  it("refuses a generation that is no longer there, also where the server ignores the condition", async () => {
    const backend = testBackend(server, { google });
    await backend.put("p/a", text("1"), write);
    await expect(backend.get("p/a", { site, ifMatch: "5" })).rejects.toMatchObject({ code: "precondition-failed" });
    server.instead.push(() => ({ status: 200, headers: { "x-goog-generation": "6" }, body: Buffer.from("1") }));
    await expect(backend.get("p/a", { site, ifMatch: "5" })).rejects.toMatchObject({ code: "precondition-failed" });
  });

  it("gets a gzipped object as it is stored, and refuses one that was unpacked", async () => {
    const backend = testBackend(server, { google });
    const stored = {
      generation: "9",
      bytes: Buffer.from("packed"),
      contentType: "x/y",
      contentEncoding: "gzip",
      metadata: {},
    };
    server.objects.set("p/a", stored);
    expect(Buffer.from((await backend.get("p/a", { site })).bytes ?? []).toString()).toBe("packed");
    const headers = { "x-goog-generation": "9", "x-goog-stored-content-encoding": "gzip" };
    server.instead.push(() => ({ status: 200, headers, body: Buffer.from("unpacked") }));
    await expect(backend.get("p/a", { site })).rejects.toMatchObject({ code: "unsupported" });
  });
});

describe("deleting", () => {
  it("tells deleted from absent, and fences by the generation", async () => {
    const backend = testBackend(server);
    const { etag = "" } = await backend.put("p/a", text("1"), write);
    await backend.put("p/a", text("2"), write);
    await expect(backend.delete("p/a", { site, ifMatch: etag })).rejects.toMatchObject({ code: "precondition-failed" });
    expect(server.objects.get("p/a")?.bytes.toString()).toBe("2");
    expect(await backend.delete("p/a", { site })).toBe("deleted");
    expect(await backend.delete("p/a", { site })).toBe("absent");
    expect(await backend.delete("p/a", { site, ifMatch: etag })).toBe("absent");
  });
});

it("lists page by page", async () => {
  const backend = testBackend(server);
  for (const name of ["p/a", "p/b", "p/c", "q"]) await backend.put(name, text(name), write);
  const first = await backend.list({ site, prefix: "p/", limit: 2 });
  const second = await backend.list({ site, prefix: "p/", limit: 2, token: first.next });
  expect([...first.objects, ...second.objects].map(({ name }) => name)).toEqual(["p/a", "p/b", "p/c"]);
  expect(second.next).toBeUndefined();
});

describe("copying", () => {
  it("asks until a large copy is done, each time with the conditions", async () => {
    const backend = testBackend(server);
    const source = { name: "p/a", size: 9, lastModified: new Date(0), etag: "5" };
    server.instead.push(() => ({ status: 200, body: { done: false, rewriteToken: "t/1" } }));
    server.instead.push(() => ({ status: 200, body: { done: true, resource: { generation: "8", size: "9" } } }));
    expect(await backend.copy?.("p/b", { ...write, mode: "create", source })).toMatchObject({ etag: "8" });
    const queries = server.seen.map(({ url }) =>
      ["ifGenerationMatch", "sourceGeneration", "rewriteToken"].map((each) => url.searchParams.get(each)),
    );
    expect(queries).toEqual([
      ["0", "5", null],
      ["0", "5", "t/1"],
    ]);
  });

  it("does not trust an emulator with a condition", async () => {
    const source = { name: "p/a", size: 9, lastModified: new Date(0), etag: "5" };
    const copy = testBackend(server, { google: false }).copy?.("p/b", { ...write, mode: "create", source });
    await expect(copy).rejects.toMatchObject({ code: "unsupported" });
    expect(server.seen).toHaveLength(0);
  });
});

describe("credentials", () => {
  it("are renewed once where the server refuses them", async () => {
    let given = 0;
    const client = {
      credentials: {},
      setCredentials() {},
      getAccessToken: () => Promise.resolve({ token: `t${++given}` }),
    };
    const refuse = (): ReturnType<typeof refusal> => refusal(401, "authError", "Invalid Credentials");
    const backend = testBackend(server, { tokens: createTokens(() => Promise.resolve(client)) });
    server.instead.push(refuse);
    await backend.put("p/a", text("1"), write);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer t1", "Bearer t2"]);
    server.instead.push(refuse, refuse);
    await expect(backend.head("p/a", { site })).rejects.toMatchObject({ code: "unauthenticated", retryable: false });
    expect(server.seen).toHaveLength(4);
  });

  it("go to no other host: redirects are refused", async () => {
    const headers = { location: "http://elsewhere.example/secret?token=canary" };
    server.instead.push(() => ({ status: 307, headers }));
    const error: unknown = await testBackend(server)
      .head("p/a", { site })
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: "invalid-config", retryable: false });
    expect(String(error)).not.toContain("canary");
    expect(server.seen).toHaveLength(1);
  });
});
