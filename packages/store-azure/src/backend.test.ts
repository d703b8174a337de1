import { createHash } from "node:crypto";
import { isStoreError } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { bearerToken } from "./auth/token.ts";
import { site, testBackend } from "./testing/backend.ts";
import type { Answer } from "./testing/blob-server.ts";
import { refusal, startBlobServer } from "./testing/blob-server.ts";

const call = { site };
const bytes = new TextEncoder().encode("hello");
const md5 = createHash("md5").update(bytes).digest();
const found: Answer = {
  status: 200,
  headers: { etag: '"0x1"', "last-modified": "Sun, 22 Nov 2026 10:00:00 GMT", "content-type": "text/plain" },
  body: bytes,
};
const created: Answer = { status: 201, headers: { etag: '"0x1"' } };

describe("put", () => {
  it("is one signed request with digest, condition, type and metadata", async () => {
    await using server = await startBlobServer(() => created);
    const backend = testBackend(server.origin);
    const written = await backend.put("a b/ü", bytes, {
      ...call,
      mode: "create",
      contentType: "text/plain",
      metadata: { "hash-md5": "1" },
    });
    expect(written).toMatchObject({ etag: '"0x1"', checksums: { md5: md5.toString("hex") } });
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({
      method: "PUT",
      url: "/lab1/raw/a%20b/%C3%BC",
      headers: {
        "content-md5": md5.toString("base64"),
        "if-none-match": "*",
        "x-ms-blob-type": "BlockBlob",
        "x-ms-blob-content-type": "text/plain",
        "x-ms-meta-hash_x002d_md5": "1",
        "x-ms-version": "2026-02-06",
        authorization: expect.stringMatching(/^SharedKey lab1:/),
      },
    });
    expect(server.seen[0]?.body.toString()).toBe("hello");
    await backend.close();
  });

  it.each([
    ["create", refusal(409, "BlobAlreadyExists"), "already-exists"],
    ["create", refusal(412, "ConditionNotMet"), "already-exists"],
    ["ifMatch", refusal(412, "ConditionNotMet"), "precondition-failed"],
    ["ifMatch", refusal(404, "BlobNotFound"), "precondition-failed"],
    ["overwrite", refusal(404, "ContainerNotFound"), "invalid-config"],
    ["ifMatch", refusal(404, "ContainerNotFound"), "invalid-config"],
    ["overwrite", refusal(412, "LeaseIdMissing"), "permission-denied"],
  ] as const)("in mode %s words the answer %j as %s", async (mode, answer, code) => {
    await using server = await startBlobServer(() => answer);
    const backend = testBackend(server.origin);
    const put = backend.put("a", bytes, { ...call, mode: mode === "ifMatch" ? { ifMatch: '"0x0"' } : mode });
    await expect(put).rejects.toMatchObject({ code, status: answer.status, requestId: "r-1", retryable: false });
    await backend.close();
  });

  it("of bytes that are not those promised sends nothing", async () => {
    await using server = await startBlobServer(() => created);
    const backend = testBackend(server.origin);
    const put = backend.put("a", bytes, { ...call, mode: "overwrite", expect: { md5: "0".repeat(32) } });
    await expect(put).rejects.toMatchObject({ code: "checksum-mismatch" });
    expect(server.seen).toHaveLength(0);
    await backend.close();
  });
});

describe("get and head", () => {
  it("tell the object, and a digest only where the service has one", async () => {
    const digest = { "content-md5": md5.toString("base64") };
    let answer: Answer = { ...found, headers: { ...found.headers, ...digest, "x-ms-meta-subject": "042" } };
    await using server = await startBlobServer(() => answer);
    const backend = testBackend(server.origin);
    const body = await backend.get("a", call);
    expect(body.bytes).toEqual(bytes);
    expect(body.object).toEqual({
      name: "a",
      size: 5,
      lastModified: new Date("2026-11-22T10:00:00Z"),
      etag: '"0x1"',
      version: undefined,
      contentType: "text/plain",
      metadata: { subject: "042" },
      checksums: { md5: md5.toString("hex") },
    });
    answer = { ...found, body: "" };
    expect((await backend.head("a", call)).checksums).toBeUndefined();
    await backend.close();
  });

  it("of a range take its digest for none of the object's, and say what came", async () => {
    const part = {
      "content-range": "bytes 1-2/5",
      "content-md5": "AAAA",
      "x-ms-blob-content-md5": md5.toString("base64"),
    };
    let answer: Answer = { status: 206, headers: { ...found.headers, ...part }, body: "el" };
    await using server = await startBlobServer(() => answer);
    const backend = testBackend(server.origin);
    const body = await backend.get("a", { ...call, range: { offset: 1, length: 2 }, ifMatch: '"0x1"' });
    expect(server.seen[0]?.headers).toMatchObject({ range: "bytes=1-2", "if-match": '"0x1"' });
    expect(body).toMatchObject({
      range: { offset: 1, length: 2 },
      object: { size: 5, checksums: { md5: md5.toString("hex") } },
    });
    answer = found;
    const whole = await backend.get("a", { ...call, range: { offset: 3 } });
    expect(whole.range).toEqual({ offset: 0, length: 5 });
    await backend.close();
  });

  it.each<[string, Answer, string]>([
    ["416", refusal(416, "InvalidRange"), "invalid-range"],
    [
      "206 with nothing",
      { status: 206, headers: { ...found.headers, "content-range": "bytes 5-4/5" } },
      "invalid-range",
    ],
    ["206 of an empty object", { status: 206, headers: { "content-range": "bytes 0--1/0" } }, "invalid-range"],
    ["206 that does not say of what", { status: 206, headers: found.headers, body: "x" }, "protocol"],
    ["404", refusal(404, "BlobNotFound"), "not-found"],
    ["another server's 404", { status: 404, body: "<html>" }, "invalid-config"],
    ["a redirect", { status: 307, headers: { location: "http://127.0.0.1:1/" } }, "invalid-config"],
  ])("word %s", async (_, answer, code) => {
    await using server = await startBlobServer(() => answer);
    const backend = testBackend(server.origin);
    await expect(backend.get("a", { ...call, range: { offset: 5 } })).rejects.toMatchObject({ code });
    expect(server.seen).toHaveLength(1);
    await backend.close();
  });
});

describe("delete", () => {
  it.each<[Answer, string | undefined, string]>([
    [{ status: 202 }, undefined, "deleted"],
    [refusal(404, "BlobNotFound"), undefined, "absent"],
    [refusal(404, "ContainerNotFound"), undefined, "invalid-config"],
    [refusal(409, "SnapshotsPresent"), undefined, "permission-denied"],
    [{ status: 202 }, '"0x1"', "deleted"],
    [refusal(412, "ConditionNotMet"), '"0x1"', "precondition-failed"],
    [refusal(404, "BlobNotFound"), '"0x1"', "precondition-failed"],
  ])("answered %j with ifMatch %s is %s", async (answer, ifMatch, expected) => {
    await using server = await startBlobServer(() => answer);
    const backend = testBackend(server.origin);
    const outcome = await backend.delete("a", { ...call, ifMatch }).catch((error: unknown) => error);
    expect(isStoreError(outcome) ? outcome.code : outcome).toBe(expected);
    expect(server.seen[0]?.headers["if-match"]).toBe(ifMatch);
    await backend.close();
  });
});

describe("credentials", () => {
  const listing = `<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs><Blob><Name>a</Name><Properties><Last-Modified>Sun, 22 Nov 2026 10:00:00 GMT</Last-Modified><Etag>0x1</Etag><Content-Length>5</Content-Length></Properties></Blob></Blobs><NextMarker /></EnumerationResults>`;
  const answer = ({ method, url }: { method: string; url: string }): Answer => {
    if (url.includes("comp=list"))
      return { status: 200, headers: { "content-type": "application/xml" }, body: listing };
    return method === "PUT" ? created : found;
  };

  it("of a SAS go into the query of every request, also of the SDK's, and nowhere else", async () => {
    await using server = await startBlobServer(answer);
    const backend = testBackend(server.origin, { auth: { sas: "?sv=2026-02-06&sp=rcwdl&sig=a%2Fb" } });
    await backend.put("a", bytes, { ...call, mode: "overwrite" });
    await backend.get("a", call);
    const page = await backend.list({ ...call, prefix: "", limit: 10 });
    expect(page.objects).toMatchObject([{ name: "a", size: 5, etag: '"0x1"' }]);
    for (const { url, headers } of server.seen) {
      expect(url).toMatch(/[?&]sv=2026-02-06&sp=rcwdl&sig=a%2Fb$/);
      expect(headers["authorization"]).toBeUndefined();
      expect(headers["x-ms-version"]).toBe("2026-02-06");
    }
    expect(server.seen).toHaveLength(3);
    expect(backend.capabilities.presign.size).toBe(0);
    expect("presign" in backend).toBe(false);
    await backend.close();
  });

  it("of an identity are a token, which is asked for anew after a 401", async () => {
    let asked = 0;
    const credential = {
      getToken: () => Promise.resolve({ token: `t${++asked}`, expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    await using server = await startBlobServer((request) =>
      request.headers["authorization"] === "Bearer t1" ? refusal(401, "InvalidAuthenticationInfo") : answer(request),
    );
    // Over plain HTTP no store would be opened: this is the backend alone.
    const authorizer = bearerToken(() => Promise.resolve(credential));
    const backend = testBackend(server.origin, {}, { authorizer });
    await expect(backend.head("a", call)).rejects.toMatchObject({ code: "unauthenticated", hint: /log in/ });
    expect((await backend.list({ ...call, prefix: "", limit: 10 })).objects).toHaveLength(1);
    expect(server.seen.map(({ headers }) => headers["authorization"])).toEqual(["Bearer t1", "Bearer t2"]);
    await backend.close();
  });
});
