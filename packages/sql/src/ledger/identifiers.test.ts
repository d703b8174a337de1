import { createHash } from "node:crypto";
import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { hashKey, newWriterId, pathHash } from "./identifiers.ts";

describe("identifiers of the ledger", () => {
  it("are UUIDs of version 7 whose order is that of time", () => {
    const ids = [1, 1_000, 1_700_000_000_000, 2 ** 47].map((time) => newWriterId(time));
    for (const id of ids) expect([id.byteLength, (id[6] ?? 0) >> 4, (id[8] ?? 0) >> 6]).toEqual([16, 7, 2]);
    expect(ids.toSorted((a, b) => Buffer.compare(a, b))).toEqual(ids);
    expect(new Set(Array.from({ length: 1000 }, () => hashKey(newWriterId(1)))).size).toBe(1000);
  });

  it("hash a path together with its store", () => {
    const expected = createHash("sha256").update(Buffer.from("main\0_hash/lab/é")).digest();
    expect(Buffer.compare(pathHash("main", "_hash/lab/é"), expected.subarray(0, 16))).toBe(0);
    assert(
      property(string(), string(), (a, b) => {
        const same = hashKey(pathHash(a, b)) === hashKey(pathHash(b, a));
        expect(same).toBe(a === b);
      }),
    );
  });
});
