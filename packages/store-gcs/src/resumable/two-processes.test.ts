import { digest, parseKey } from "@mortise/core";
import { uploadInParts } from "@mortise/store-kit";
import type { CloudWrite } from "@mortise/store-kit/cloud";
import { cloudStore } from "@mortise/store-kit/cloud";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { base64Of } from "../api/digests.ts";
import { pattern, site, testBackend } from "../testing/backend.ts";
import { startGcsServer } from "../testing/gcs-server.ts";
import type { GcsServer, Seen } from "../testing/objects.ts";
import { chunkMultiple } from "./progress.ts";

let server: GcsServer;
beforeEach(async () => {
  server = await startGcsServer();
});
afterEach(() => server[Symbol.asyncDispose]());

const write: CloudWrite = { site, mode: "overwrite" };
const bytes = pattern(2 * chunkMultiple);
const half = { number: 1, offset: 0, body: bytes.subarray(0, chunkMultiple) };
const rest = { number: 2, offset: chunkMultiple, body: bytes.subarray(chunkMultiple) };
const stored = (): Buffer | undefined => server.objects.get("p/a")?.bytes;
const expectWhole = (): void => expect(Buffer.compare(stored() ?? Buffer.alloc(0), bytes)).toBe(0);

/** Two processes that both have the first half of an upload; one of them has completed it. */
async function completedByAnother(google: boolean) {
  const [one, other] = [testBackend(server).multipart, testBackend(server, { google }).multipart];
  const id = await one.start("p/a", write);
  await one.uploadPart("p/a", id, half, { site });
  await other.uploadPart("p/a", id, { number: 1, offset: chunkMultiple, body: new Uint8Array() }, { site });
  await one.uploadPart("p/a", id, rest, { site });
  await one.complete("p/a", id, [], { ...write, size: bytes.byteLength });
  return { id, other };
}

describe.each([true, false])("an upload that another process has completed (Google's own server: %s)", (google) => {
  it("keeps its object when a late chunk comes", async () => {
    const { id, other } = await completedByAnother(google);
    const late = other.uploadPart("p/a", id, rest, { site });
    await expect(late).rejects.toMatchObject({ code: google ? "not-found" : "protocol", retryable: false });
    expectWhole();
  });

  it("keeps its object when fewer bytes are completed", async () => {
    const { id, other } = await completedByAnother(google);
    const short = other.complete("p/a", id, [], { ...write, size: chunkMultiple });
    await expect(short).rejects.toMatchObject({ code: "checksum-mismatch", retryable: false });
    expectWhole();
  });
});

it("is not continued with another source of the same size, of which nothing is published", async () => {
  const key = parseKey("a");
  const [one, two] = [new Blob([pattern(3 * chunkMultiple)]), new Blob([pattern(3 * chunkMultiple).fill(2)])];
  let uploadId = "";
  const options = { partBytes: chunkMultiple, onStarted: (id: string) => void (uploadId = id) };
  const failing = ({ headers }: Seen) =>
    headers["content-range"]?.startsWith(`bytes ${chunkMultiple}-`) === true ? { status: 503 } : undefined;
  server.instead.push(failing);
  const first = cloudStore(testBackend(server), { probe: false, retry: { attempts: 1 } });
  await expect(uploadInParts(first, key, one, options)).rejects.toMatchObject({ code: "unavailable" });
  const second = cloudStore(testBackend(server), { probe: false });
  const changed = uploadInParts(second, key, two, { ...options, uploadId });
  await expect(changed).rejects.toMatchObject({ code: "checksum-mismatch", hint: /not of this source/ });
  expect(stored()).toBeUndefined();
});

it("never removes what Google says that a session has become", async () => {
  const [one, other] = [testBackend(server).multipart, testBackend(server).multipart];
  const id = await one.start("p/a", write);
  await one.uploadPart("p/a", id, half, { site });
  await other.parts("p/a", id, { site });
  const changed = { ...rest, body: pattern(chunkMultiple).fill(7) };
  await other.uploadPart("p/a", id, changed, { site });
  await other.complete("p/a", id, [], { ...write, size: bytes.byteLength });
  await one.uploadPart("p/a", id, rest, { site }).catch(() => undefined);
  const completed = one.complete("p/a", id, [], {
    ...write,
    size: bytes.byteLength,
    expect: { md5: digest("md5", bytes) },
  });
  await expect(completed).rejects.toMatchObject({ retryable: false });
  expect(stored()?.byteLength).toBe(bytes.byteLength);
});

it("lets the server refuse what is not of the digests that are known at the end", async () => {
  const [one, other] = [testBackend(server).multipart, testBackend(server).multipart];
  const id = await one.start("p/a", write);
  await one.uploadPart("p/a", id, half, { site });
  for (const session of server.sessions.values()) session.bytes = Buffer.alloc(chunkMultiple, 9);
  await one.uploadPart("p/a", id, rest, { site });
  const completed = one.complete("p/a", id, [], { ...write, size: bytes.byteLength });
  await expect(completed).rejects.toMatchObject({ code: "checksum-mismatch", retryable: false });
  expect(server.seen.at(-1)?.headers["x-goog-hash"]).toBe(`crc32c=${base64Of(digest("crc32c", bytes))}`);
  expect(stored()).toBeUndefined();

  const second = await other.start("p/a", write);
  await other.uploadPart("p/a", second, { ...half, body: bytes }, { site });
  const promise = { expect: { crc32c: "00000000", md5: digest("md5", bytes) } };
  const refused = other.complete("p/a", second, [], { ...write, ...promise, size: bytes.byteLength });
  await expect(refused).rejects.toMatchObject({ code: "checksum-mismatch", retryable: false });
  expect(stored()).toBeUndefined();
});
