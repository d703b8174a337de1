import type { Multipart } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { cloudMultipart } from "../cloud/multipart.ts";
import { storeError } from "../errors.ts";
import { createPartsBackend } from "../testing/parts-backend.ts";
import { abortUploads } from "./stale.ts";

const keys = ["a", "b", "c", "d", "e", "f"].map((name) => parseKey(name));

const site = { operation: "test", store: "cloud" };

/** A server with an open upload of each key, of which that of `a` fails to be continued. */
async function labWith(failure: Error) {
  const { context, uploads } = createPartsBackend();
  const multipart = cloudMultipart(context);
  for (const key of keys) await multipart.start(key);
  const resume: Multipart["resume"] = async (key, id, options) => {
    if (key === keys[0]) throw failure;
    return await multipart.resume(key, id, options);
  };
  return { store: { multipart: { ...multipart, resume } }, uploads };
}

describe("aborting stale uploads", () => {
  it("passes over one that was completed or aborted since it was listed", async () => {
    const { store, uploads } = await labWith(storeError(site, "not-found", "there is no such upload"));
    expect(await abortUploads(store, { olderThanMs: -1_000 })).toBe(5);
    expect(uploads.size).toBe(1);
  });

  it("aborts the others where one can't be, and says so at the end", async () => {
    const { store, uploads } = await labWith(storeError(site, "permission-denied", "not this one"));
    await expect(abortUploads(store, { olderThanMs: -1_000 })).rejects.toMatchObject({ code: "permission-denied" });
    expect(uploads.size).toBe(1);
  });
});
