import type { MultipartUpload, PutOptions, PutResult } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { storeError } from "../errors.ts";
import type { PartsBackend, PartsBackendOptions } from "../testing/parts-backend.ts";
import { createPartsBackend, lost } from "../testing/parts-backend.ts";
import { cloudMultipart } from "./multipart.ts";

const key = parseKey("a/b");
const name = "lab/a/b";
const bytesOf = (length: number, seed = 1) => new Uint8Array(length).fill(seed);

/** Two parts of one upload, sent and completed. */
async function upload(server: PartsBackend, options: PutOptions = {}): Promise<PutResult> {
  const begun = await cloudMultipart(server.context).start(key, options);
  return await complete(begun, options);
}
async function complete(begun: MultipartUpload, options: PutOptions = {}): Promise<PutResult> {
  const parts = [await begun.uploadPart(1, bytesOf(10, 1)), await begun.uploadPart(2, bytesOf(5, 2))];
  return await begun.complete(parts, options);
}
/** A server that carries the first completion out and loses its answer. */
const losing = (more: PartsBackendOptions = {}) =>
  createPartsBackend({
    after: (request, nth) => {
      if (request === "complete" && nth === 0) throw lost();
    },
    ...more,
  });
/** A server that loses the first completion itself. */
const dropping = (meanwhile: (server: PartsBackend) => void, more: PartsBackendOptions = {}) => {
  const server: PartsBackend = createPartsBackend({
    before: (request, nth) => {
      if (request !== "complete" || nth > 0) return;
      meanwhile(server);
      throw lost();
    },
    ...more,
  });
  return server;
};

describe("uploads in parts of a cloud store", () => {
  it("go by keys below the location, and tell what they wrote", async () => {
    const server = createPartsBackend();
    const { size, etag } = await upload(server);
    expect([size, etag]).toEqual([15, server.objects.get(name)?.object.etag]);
    expect(server.objects.get(name)?.bytes.byteLength).toBe(15);
  });

  it("repeat what failed on the way, each request for itself", async () => {
    const server = createPartsBackend({
      before: (request, nth) => {
        if (nth === 0 && request !== "head") throw lost();
      },
    });
    expect((await upload(server)).size).toBe(15);
    expect([...server.counts]).toEqual([
      ["start", 2],
      ["part", 3],
      ["complete", 2],
    ]);
  });

  it.each([true, false])(
    "are done when only the answer to their end was lost (ETags tell it: %s)",
    async (composite) => {
      for (const mode of ["overwrite", "create"] as const) {
        const server = losing({ composite });
        const { size, etag } = await upload(server, { mode });
        expect([size, etag]).toEqual([15, server.objects.get(name)?.object.etag]);
      }
    },
  );

  it("are done as well where only this process knows what it has sent, and not where nobody does", async () => {
    expect((await upload(losing({ md5: false }))).size).toBe(15);
    expect((await upload(losing({ md5: false }), { mode: "create" })).size).toBe(15);
    const server = losing({ md5: false });
    const multipart = cloudMultipart(server.context);
    const begun = await multipart.start(key, { mode: "create" });
    const parts = [await begun.uploadPart(1, bytesOf(15))];
    const other = await multipart.resume(key, begun.id);
    await expect(other.complete(parts, { mode: "create" })).rejects.toMatchObject({ name: "StoreError" });
  });

  it.each([
    ["create", bytesOf(15, 9)],
    ["create", Uint8Array.of(...bytesOf(10, 1), ...bytesOf(5, 3))],
    [{ ifMatch: "e" }, bytesOf(15, 9)],
  ] as const)("have one winner: another's object of the same size is not theirs (%j)", async (mode, bytes) => {
    // What the other wrote has also taken the parts away, as Azure does.
    const server = dropping(
      (each) => {
        each.put(name, bytes);
        each.uploads.clear();
      },
      { composite: false },
    );
    await expect(upload(server, { mode })).rejects.toMatchObject({ name: "StoreError" });
    expect(server.objects.get(name)?.bytes).toEqual(bytes);
  });

  it("are refused when another writer created the object before the end that was lost", async () => {
    for (const md5 of [true, false]) {
      const server = dropping((each) => each.put(name, bytesOf(15, 9)), { md5 });
      await expect(upload(server, { mode: "create" })).rejects.toMatchObject({ code: "already-exists" });
      expect(server.objects.get(name)?.bytes).toEqual(bytesOf(15, 9));
    }
  });

  it("say that the condition did not hold where the server drops the upload with its refusal", async () => {
    for (const mode of ["create", { ifMatch: "v0" }] as const) {
      const server = dropping((each) => {
        each.uploads.clear();
        each.put(name, bytesOf(9, 9));
      });
      const code = mode === "create" ? "already-exists" : "precondition-failed";
      await expect(upload(server, { mode })).rejects.toMatchObject({ code });
      expect(server.objects.get(name)?.bytes).toEqual(bytesOf(9, 9));
    }
  });

  it("are not taken for done because an older object has the same size", async () => {
    const server = dropping((each) => each.uploads.clear(), { md5: false });
    server.put(name, bytesOf(15, 9), new Date(Date.now() - 3_600_000));
    await expect(upload(server)).rejects.toMatchObject({ code: "not-found" });
  });

  it("are not taken for done because another object has parts of the same size", async () => {
    const server = createPartsBackend();
    await complete(await cloudMultipart(server.context).start(key));
    const begun = await cloudMultipart(server.context).start(key);
    const part = await begun.uploadPart(1, bytesOf(15, 3));
    server.uploads.clear();
    await expect(begun.complete([part])).rejects.toMatchObject({ code: "not-found" });
  });

  it("answer the same when they are completed again, also by another process that has the digests", async () => {
    const server = createPartsBackend();
    const multipart = cloudMultipart(server.context);
    const begun = await multipart.start(key);
    const other = await multipart.resume(key, begun.id);
    const parts = [await begun.uploadPart(1, bytesOf(10))];
    const first = await begun.complete(parts);
    expect(await begun.complete(parts)).toEqual(first);
    expect(await other.complete(parts)).toEqual(first);
  });

  it("keep the condition of their start when the end does not repeat it", async () => {
    const server = createPartsBackend();
    const begun = await cloudMultipart(server.context).start(key, { mode: "create" });
    server.put(name, bytesOf(1));
    await expect(complete(begun, {})).rejects.toMatchObject({ code: "already-exists" });
  });

  it("are continued by id, with what the server has", async () => {
    const server = createPartsBackend();
    const multipart = cloudMultipart(server.context);
    const begun = await multipart.start(key);
    await begun.uploadPart(1, bytesOf(10));
    const other = await multipart.resume(key, begun.id);
    const parts = [];
    for await (const part of other.parts()) parts.push(part);
    expect(parts).toMatchObject([{ number: 1, size: 10, token: "t1", checksums: { md5: expect.any(String) } }]);
    await expect(multipart.resume(key, "unknown")).rejects.toMatchObject({ code: "not-found" });
  });

  it("send nothing twice in an upload that only grows", async () => {
    const server = createPartsBackend({
      limits: { sequential: true },
      after: (request, nth) => {
        if (request === "part" && nth === 0) throw lost();
      },
    });
    const begun = await cloudMultipart(server.context).start(key);
    expect((await complete(begun)).size).toBe(15);
    expect(server.counts.get("part")).toBe(2);
    expect(server.objects.get(name)?.bytes.byteLength).toBe(15);
    await expect(begun.uploadPart(2, bytesOf(1))).rejects.toMatchObject({ code: "unsupported" });
    await expect(begun.uploadPart(4, bytesOf(1))).rejects.toMatchObject({ code: "unsupported" });
  });

  it("refuse numbers and sizes that the server does not take, and send nothing", async () => {
    const server = createPartsBackend();
    const begun = await cloudMultipart(server.context).start(key);
    for (const number of [0, 1.5, 101]) {
      await expect(begun.uploadPart(number, bytesOf(1))).rejects.toMatchObject({ code: "unsupported" });
    }
    await expect(begun.uploadPart(1, bytesOf(1_001))).rejects.toMatchObject({ code: "unsupported" });
    expect(server.counts.get("part")).toBeUndefined();
  });

  it("are listed by key and prefix, also when a page fails, and aborted again and again", async () => {
    const server = createPartsBackend({
      before: (request, nth) => {
        if (request === "list" && nth === 0) throw lost();
      },
    });
    const multipart = cloudMultipart(server.context);
    const begun = await multipart.start(key);
    await multipart.start(parseKey("c"));
    server.uploads.set("elsewhere/a#9", new Map());
    const listed = async (prefix?: string) =>
      (await Array.fromAsync(multipart.list({ prefix }))).map((each) => each.key);
    expect(await listed()).toEqual([key, "c"]);
    expect(await listed("a/")).toEqual([key]);
    await expect(Array.fromAsync(multipart.list({ delimiter: "/" }))).rejects.toMatchObject({ code: "unsupported" });
    await begun.abort();
    await begun.abort();
    expect(await listed("a/")).toEqual([]);
  });

  it("pass errors that no retry can heal on at once", async () => {
    const server = createPartsBackend({
      before: (request) => {
        if (request === "part") throw storeError({ operation: "t", store: "t" }, "permission-denied", "no");
      },
    });
    await expect(upload(server)).rejects.toMatchObject({ code: "permission-denied" });
    expect(server.counts.get("part")).toBe(1);
  });
});
