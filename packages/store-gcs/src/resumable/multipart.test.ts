import { digest } from "@mortise/core";
import type { CloudWrite } from "@mortise/store-kit/cloud";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pattern, site, testBackend } from "../testing/backend.ts";
import { startGcsServer } from "../testing/gcs-server.ts";
import type { GcsServer } from "../testing/objects.ts";
import { refusal } from "../testing/objects.ts";
import { chunkMultiple } from "./progress.ts";

let server: GcsServer;
beforeEach(async () => {
  server = await startGcsServer();
});
afterEach(() => server[Symbol.asyncDispose]());

const write: CloudWrite = { site, mode: "overwrite" };
const part = (body: Uint8Array, offset = 0, number = 1) => ({ number, offset, body });
const stored = (): Buffer | undefined => server.objects.get("p/a")?.bytes;

describe("an upload in parts", () => {
  it("publishes nothing before it is completed, and then every byte", async () => {
    const { multipart } = testBackend(server);
    const bytes = pattern(2 * chunkMultiple + 1_000);
    const id = await multipart.start("p/a", { ...write, metadata: { one: "1" } });
    await multipart.uploadPart("p/a", id, part(bytes.subarray(0, chunkMultiple)), { site });
    await multipart.uploadPart("p/a", id, part(bytes.subarray(chunkMultiple), chunkMultiple, 2), { site });
    expect(stored()).toBeUndefined();
    const { etag, checksums } = await multipart.complete("p/a", id, [], { ...write, size: bytes.byteLength });
    expect(Buffer.compare(stored() ?? Buffer.alloc(0), bytes)).toBe(0);
    expect(checksums?.crc32c).toBe(digest("crc32c", bytes));
    expect(server.objects.get("p/a")).toMatchObject({ generation: etag, metadata: { one: "1" } });
  });

  it.each([0, 5, chunkMultiple])("takes a whole of %i bytes", async (length) => {
    const { multipart } = testBackend(server);
    const bytes = pattern(length);
    const id = await multipart.start("p/a", write);
    await multipart.uploadPart("p/a", id, part(bytes), { site });
    await multipart.complete("p/a", id, [], { ...write, size: length });
    expect(stored()?.byteLength).toBe(length);
  });

  it("keeps the end of a part although the caller fills its buffer anew", async () => {
    const { multipart } = testBackend(server);
    const bytes = pattern(100);
    const buffer = new Uint8Array(bytes);
    const id = await multipart.start("p/a", write);
    await multipart.uploadPart("p/a", id, part(buffer), { site });
    buffer.fill(0);
    await multipart.complete("p/a", id, [], { ...write, size: 100 });
    expect(Buffer.compare(stored() ?? Buffer.alloc(0), bytes)).toBe(0);
  });

  it("sends again what the server did not take of a chunk", async () => {
    const { multipart } = testBackend(server);
    const bytes = pattern(3 * chunkMultiple);
    const id = await multipart.start("p/a", write);
    for (const session of server.sessions.values()) session.takes = chunkMultiple;
    await multipart.uploadPart("p/a", id, part(bytes), { site });
    await multipart.complete("p/a", id, [], { ...write, size: bytes.byteLength });
    expect(Buffer.compare(stored() ?? Buffer.alloc(0), bytes)).toBe(0);
  });

  it("goes on within a part that broke off, and takes no other for it", async () => {
    const { multipart } = testBackend(server);
    const bytes = pattern(3 * chunkMultiple);
    const id = await multipart.start("p/a", write);
    for (const session of server.sessions.values()) session.takes = chunkMultiple;
    const second = `bytes ${chunkMultiple}-`;
    server.instead.push(({ headers }) =>
      headers["content-range"]?.startsWith(second) === true ? refusal(429, "rateLimitExceeded") : undefined,
    );
    const sent = multipart.uploadPart("p/a", id, part(bytes), { site });
    await expect(sent).rejects.toMatchObject({ code: "rate-limited", retryable: true });
    for (const wrong of [pattern(3 * chunkMultiple).fill(1), bytes.subarray(0, 1), bytes.subarray(chunkMultiple)]) {
      const another = multipart.uploadPart("p/a", id, part(wrong), { site });
      await expect(another).rejects.toMatchObject({ code: "unsupported" });
    }
    await multipart.uploadPart("p/a", id, part(bytes), { site });
    await multipart.complete("p/a", id, [], { ...write, size: bytes.byteLength });
    expect(Buffer.compare(stored() ?? Buffer.alloc(0), bytes)).toBe(0);
  });

  it("may be completed again where the server took nothing of its last bytes", async () => {
    const { multipart } = testBackend(server);
    const bytes = pattern(chunkMultiple + 5);
    const id = await multipart.start("p/a", write);
    await multipart.uploadPart("p/a", id, part(bytes), { site });
    const range = `bytes=0-${chunkMultiple - 1}`;
    server.instead.push(() => ({ status: 308, headers: { range } }));
    const call = { ...write, size: bytes.byteLength };
    const refused = multipart.complete("p/a", id, [], call);
    await expect(refused).rejects.toMatchObject({ code: "unavailable", retryable: true });
    await multipart.complete("p/a", id, [], call);
    expect(Buffer.compare(stored() ?? Buffer.alloc(0), bytes)).toBe(0);
    expect(server.seen.at(-1)?.headers["x-goog-hash"]).toBe(server.seen.at(-2)?.headers["x-goog-hash"]);
  });

  it("may grow although it was to be completed before", async () => {
    const { multipart } = testBackend(server);
    const bytes = pattern(2 * chunkMultiple);
    const id = await multipart.start("p/a", write);
    await multipart.uploadPart("p/a", id, part(bytes.subarray(0, chunkMultiple)), { site });
    server.instead.push(() => ({ status: 503 }));
    const early = multipart.complete("p/a", id, [], { ...write, size: chunkMultiple });
    await expect(early).rejects.toMatchObject({ code: "unavailable" });
    await multipart.uploadPart("p/a", id, part(bytes.subarray(chunkMultiple), chunkMultiple, 2), { site });
    await multipart.complete("p/a", id, [], { ...write, size: bytes.byteLength });
    expect(Buffer.compare(stored() ?? Buffer.alloc(0), bytes)).toBe(0);
  });

  it("is refused as damaged where the server has more than was sent", async () => {
    const { multipart } = testBackend(server);
    const id = await multipart.start("p/a", write);
    server.instead.push(() => ({ status: 308, headers: { range: `bytes=0-${2 * chunkMultiple - 1}` } }));
    const sent = multipart.uploadPart("p/a", id, part(pattern(chunkMultiple)), { site });
    await expect(sent).rejects.toMatchObject({ code: "protocol", retryable: false });
  });

  it("goes to the server that is configured, whatever host the session names", async () => {
    const { multipart } = testBackend(server);
    const id = await multipart.start("p/a", write);
    expect(id).not.toContain("inside.example");
    await multipart.uploadPart("p/a", id, part(pattern(chunkMultiple)), { site });
    expect(server.seen).toHaveLength(2);
  });

  it("refuses ids that are no sessions of the bucket, and shows none in a message", async () => {
    const { multipart } = testBackend(server);
    const secret = "canary";
    for (const id of [
      `http://evil.example/?upload_id=${secret}`,
      `/upload/storage/v1/b/other/o?upload_id=${secret}`,
      `/upload/storage/v1/b/lab/o?upload_id=${secret}\r\nx: y`,
    ]) {
      const error: unknown = await multipart.parts("p/a", id, { site }).catch((failure: unknown) => failure);
      expect(error).toMatchObject({ code: "not-found" });
      expect(String(error)).not.toContain(secret);
    }
    expect(server.seen).toHaveLength(0);
  });
});

describe("conditions of an upload in parts", () => {
  it("refuse to begin where the object is there", async () => {
    const backend = testBackend(server);
    await backend.put("p/a", pattern(3), write);
    await expect(backend.multipart.start("p/a", { ...write, mode: "create" })).rejects.toMatchObject({
      code: "already-exists",
    });
  });

  it("refuse to complete where it came meanwhile", async () => {
    const backend = testBackend(server);
    const call: CloudWrite = { ...write, mode: "create" };
    const id = await backend.multipart.start("p/a", call);
    await backend.multipart.uploadPart("p/a", id, part(pattern(10)), { site });
    await backend.put("p/a", pattern(3), write);
    const completed = backend.multipart.complete("p/a", id, [], { ...call, size: 10 });
    await expect(completed).rejects.toMatchObject({ code: "already-exists" });
    expect(stored()?.byteLength).toBe(3);
  });

  it("refuse bytes of another digest than was promised", async () => {
    const { multipart } = testBackend(server);
    const call: CloudWrite = { ...write, expect: { md5: "0".repeat(32) } };
    const id = await multipart.start("p/a", call);
    await multipart.uploadPart("p/a", id, part(pattern(10)), { site });
    await expect(multipart.complete("p/a", id, [], { ...call, size: 10 })).rejects.toMatchObject({
      code: "checksum-mismatch",
    });
    expect(stored()).toBeUndefined();
  });

  it("refuse to complete fewer bytes than the whole has", async () => {
    const { multipart } = testBackend(server);
    const id = await multipart.start("p/a", write);
    await multipart.uploadPart("p/a", id, part(pattern(10)), { site });
    await expect(multipart.complete("p/a", id, [], { ...write, size: 11 })).rejects.toMatchObject({ code: "protocol" });
    expect(stored()).toBeUndefined();
  });
});

describe("an upload that another process began", () => {
  it("is continued where it broke off", async () => {
    const bytes = pattern(2 * chunkMultiple + 7);
    const first = testBackend(server).multipart;
    const id = await first.start("p/a", write);
    await first.uploadPart("p/a", id, part(bytes.subarray(0, chunkMultiple)), { site });
    const second = testBackend(server).multipart;
    expect(await second.parts("p/a", id, { site })).toMatchObject([{ number: 1, size: chunkMultiple }]);
    await second.uploadPart("p/a", id, part(bytes.subarray(chunkMultiple), chunkMultiple, 2), { site });
    await second.complete("p/a", id, [], { ...write, size: bytes.byteLength });
    expect(Buffer.compare(stored() ?? Buffer.alloc(0), bytes)).toBe(0);
  });

  it("is not asked of a server that takes the question for the end", async () => {
    const first = testBackend(server, { google: false }).multipart;
    const id = await first.start("p/a", write);
    await first.uploadPart("p/a", id, part(pattern(chunkMultiple)), { site });
    const asked = server.seen.length;
    // What fake-gcs-server does: the question publishes what is there.
    server.instead.push(({ method, headers }) =>
      method === "PUT" && headers["content-range"] === "bytes */*"
        ? { status: 200, body: { name: "probe", generation: "3", size: "1" } }
        : undefined,
    );
    const second = testBackend(server, { google: false }).multipart;
    await expect(second.parts("p/a", id, { site })).rejects.toMatchObject({ code: "unsupported" });
    await expect(second.complete("p/a", id, [], { ...write, size: 5 })).rejects.toMatchObject({ code: "unsupported" });
    const sent = server.seen.slice(asked).filter(({ url }) => url.search.includes("session-1"));
    expect(sent).toEqual([]);
    expect(stored()).toBeUndefined();
  });

  it("is asked of another server that answers the question", async () => {
    const first = testBackend(server, { google: false }).multipart;
    const id = await first.start("p/a", write);
    await first.uploadPart("p/a", id, part(pattern(chunkMultiple)), { site });
    const second = testBackend(server, { google: false }).multipart;
    expect(await second.parts("p/a", id, { site })).toMatchObject([{ size: chunkMultiple }]);
    expect(server.objects.size).toBe(0);
  });
});

describe("aborting", () => {
  it("ends the session, and may be repeated", async () => {
    const { multipart } = testBackend(server);
    const id = await multipart.start("p/a", write);
    await multipart.abort("p/a", id, { site });
    await multipart.abort("p/a", id, { site });
    await expect(multipart.parts("p/a", id, { site })).rejects.toMatchObject({ code: "not-found" });
    await expect(testBackend(server).multipart.parts("p/a", id, { site })).rejects.toMatchObject({ code: "not-found" });
  });
});

it("says of a lost session that it is lost", async () => {
  const { multipart } = testBackend(server);
  const id = await multipart.start("p/a", write);
  server.instead.push(() => ({ status: 410 }));
  const error: unknown = await multipart.parts("p/a", id, { site }).catch((failure: unknown) => failure);
  expect(error).toMatchObject({ code: "not-found", hint: expect.stringContaining("start the upload again") });
});
