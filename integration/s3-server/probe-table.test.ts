import { isStoreError, type ObjectStore, parseKey } from "@mortise/core";
import { probeStore } from "@mortise/store-kit/probe";
import { openS3Store } from "@mortise/store-s3";
import { afterAll, describe, expect, it } from "vitest";
import { etagOf } from "./bucket.ts";
import { allFaults } from "./faults/all.ts";
import { errorIn200Copy, errorIn200DeleteMany, forgetsKeysOfDeleteMany, storesFraming } from "./faults/answers.ts";
import { ignoresDigests, ignoresIfMatchOnCopySource, ignoresPresignedExpiry } from "./faults/conditions.ts";
import { answering, fault } from "./faults/fault.ts";
import { listsDeletedKeys } from "./faults/listings.ts";
import { isFramed } from "./operations/framing.ts";
import { type S3Server, startS3Server } from "./server.ts";

const signer = { accessKey: "AKIALOOPBACK", secretKey: "loopback-secret" };

const open = async (server: S3Server): Promise<ObjectStore> =>
  await openS3Store({
    endpoint: server.origin,
    bucket: "lab",
    credentials: { accessKeyId: signer.accessKey, secretAccessKey: signer.secretKey },
    retry: { attempts: 2, baseMs: 1, maxMs: 2 },
    timeoutMs: 3_000,
    idleTimeoutMs: 3_000,
    probe: false,
  });

/** Why a lie that the probe does not name changes nothing here; tests below and beside show it. */
const harmless: Readonly<Record<string, string>> = {
  "ignores-if-match-on-get": "the ETag of what is read is compared here",
  "ignores-if-match-on-copy-source": "a copy is of one whole object, the older or the newer",
  "ignores-digests": "digests that callers expect are compared here",
  "error-in-200-of-copy": "a copy is done where its answer has the new object's ETag",
  "error-in-200-of-delete-many": "every key of a bulk delete that has no answer is looked for",
  "forgets-keys-of-delete-many": "every key of a bulk delete that has no answer is looked for",
  "stores-aws-chunked-framing": "no body is framed",
  "whole-body-for-a-range": "the range is cut out of the whole here",
  "lists-deleted-keys": "what a listing shows is asked for by its key before it is believed",
  trickles: "it is no lie, only slow",
  "refuses-checksum-headers": "no checksum headers are sent to servers other than Amazon's",
};

const table: { readonly fault: string; readonly probe: string }[] = [];
afterAll(() => {
  const rows = table.toSorted((a, b) => (a.fault < b.fault ? -1 : 1));
  console.log(
    ["what the probe says of each fault", ...rows.map((row) => `${row.fault.padEnd(34)} ${row.probe}`)].join("\n"),
  );
});

describe.concurrent("each lie of a hostile server is named by the probe, or can't touch us", () => {
  it.each(allFaults.map((fault) => [fault.name, fault] as const))("%s", async (name, fault) => {
    await using server = await startS3Server({ credentials: signer, minPart: 1 });
    server.misbehave(fault);
    await using store = await open(server);
    const says = await probeStore(store, { presignExpiry: fault === ignoresPresignedExpiry }).then(
      ({ findings }) => findings.map(({ id }) => id).join(", "),
      (error: unknown) => (isStoreError(error) ? `nothing is written: ${error.code}` : String(error)),
    );
    table.push({ fault: name, probe: says === "" ? `– ${harmless[name]}` : says });
    expect(says !== "", `${name}: ${says}`).toBe(harmless[name] === undefined);
  });
});

const key = parseKey("a/b");
const bytes = (text: string) => new TextEncoder().encode(text);

describe.concurrent("a lie that the probe does not name changes nothing", () => {
  it("sends no framing with any body, of whatever kind and length", async () => {
    await using server = await startS3Server({ credentials: signer, minPart: 1 });
    const framed: string[] = [];
    const watch = answering("watches-framing", (request, next) => {
      if (isFramed(request) || request.headers["x-amz-trailer"] !== undefined) framed.push(request.operation);
      return next(request);
    });
    server.misbehave(watch, storesFraming);
    await using store = await open(server);
    await store.put(key, bytes("bytes"));
    await store.put(parseKey("stream"), new Blob([bytes("stream")]).stream());
    await store.put(parseKey("long"), new Blob([new Uint8Array(17 * 1024 ** 2)]).stream());
    await store.copy(key, parseKey("copy"));
    await store.deleteMany([parseKey("stream"), parseKey("absent")]);
    expect(framed).toEqual([]);
    const kept = [...server.bucket.contents()].map(([name, body]) => [name, body.byteLength]);
    expect(Object.fromEntries(kept)).toMatchObject({ "a/b": 5, copy: 5, long: 17 * 1024 ** 2 });
  });

  it("compares the digests that are expected before a body is stored, whether the server does or not", async () => {
    await using server = await startS3Server({ credentials: signer });
    server.misbehave(ignoresDigests);
    await using store = await open(server);
    await store.put(key, bytes("old"));
    for (const expected of [{ md5: "0".repeat(32) }, { sha256: "0".repeat(64) }, { crc32c: "0".repeat(8) }]) {
      for (const body of [bytes("new"), new Blob([bytes("new")]).stream()]) {
        await expect(store.put(key, body, { expect: expected })).rejects.toMatchObject({ code: "checksum-mismatch" });
      }
    }
    expect(server.bucket.contents().get("a/b")?.toString()).toBe("old");
  });

  it.each([
    ["error-in-200-of-delete-many", errorIn200DeleteMany, 0],
    ["forgets-keys-of-delete-many", forgetsKeysOfDeleteMany, 1],
  ] as const)("tells of each key of a bulk delete whether it is gone: %s", async (_, fault, least) => {
    await using server = await startS3Server({ credentials: signer });
    await using store = await open(server);
    const keys = ["a", "b", "c"].map((name) => parseKey(name));
    for (const each of keys) await store.put(each, bytes(each));
    server.misbehave(fault);
    const { deleted, failed } = await store.deleteMany(keys);
    const left = keys.filter((each) => server.bucket.objects.has(each));
    expect(failed.map((each) => each.key).sort()).toEqual(left);
    expect(deleted).toBe(keys.length - left.length);
    expect(deleted).toBeGreaterThanOrEqual(least);
  });

  it("finds nothing at a key that only a listing still shows", async () => {
    await using server = await startS3Server({ credentials: signer });
    await using store = await open(server);
    server.misbehave(listsDeletedKeys);
    await store.put(key, bytes("gone"));
    await store.delete(key);
    const listed = (await Array.fromAsync(store.list())).flatMap((page) => page.objects.map((info) => info.key));
    expect(listed).toContain(key);
    for (const work of [() => store.head(key), () => store.get(key), () => store.copy(key, parseKey("c"))]) {
      await expect(work()).rejects.toMatchObject({ code: "not-found" });
    }
    await store.put(key, bytes("new"), { mode: "create" });
    expect(server.bucket.contents().get("a/b")?.toString()).toBe("new");
  });

  it("takes no answer for a copy that has an error in it, and leaves the target", async () => {
    await using server = await startS3Server({ credentials: signer });
    await using store = await open(server);
    const target = parseKey("copy");
    await Promise.all([store.put(key, bytes("source")), store.put(target, bytes("target"))]);
    server.misbehave(errorIn200Copy);
    await expect(store.copy(key, target)).rejects.toMatchObject({ code: "unavailable" });
    expect(server.bucket.contents().get("copy")?.toString()).toBe("target");
  });

  it("copies one whole object where the source is overwritten after it was looked at", async () => {
    await using server = await startS3Server({ credentials: signer });
    await using store = await open(server);
    await store.put(key, bytes("old"));
    const overwrites = fault("overwrites-source", ({ bucket }) => ({
      answer: (request, next) => {
        const body = Buffer.from("newer and longer");
        if (request.operation === "CopyObject") {
          bucket.set("a/b", { body, etag: etagOf(body), modified: new Date(), headers: {} });
        }
        return next(request);
      },
    }));
    server.misbehave(overwrites, ignoresIfMatchOnCopySource);
    const outcome = await store.copy(key, parseKey("copy")).then(
      ({ size }) => size,
      () => "refused",
    );
    const copied = server.bucket.contents().get("copy")?.toString();
    expect(["newer and longer", undefined]).toContain(copied);
    expect(outcome === "refused").toBe(copied === undefined);
  });
});
