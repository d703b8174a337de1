import { isMortiseError } from "@mortise/core";
import { afterAll, describe, expect, it } from "vitest";
import { digest, fromNeutral, sameNeutral, toNeutral } from "./fixtures/neutral.ts";
import { loadVectors } from "./fixtures/vectors.ts";
import { pack } from "./pack.ts";
import { unpack } from "./unpack.ts";

const { entries, bad } = loadVectors();
const writable = entries.filter((entry) => entry.repack.from_description === true);
const done = { read: 0, written: 0, refused: 0 };

afterAll(() => {
  console.log(
    `blob vectors: ${done.read}/${entries.length} read, ${done.written}/${writable.length} written, ${done.refused}/${bad.length} refused`,
  );
});

describe("golden vectors", () => {
  it("are all here", () => {
    expect([entries.length, bad.length]).toEqual([470, 192]);
  });

  it.each(entries)("$file reads to its value", ({ data, dims, value, md5 }) => {
    expect(digest(data)).toBe(md5);
    const found = toNeutral(unpack(data, { mapping: "exact", words: dims }));
    if (!sameNeutral(found, value)) expect(found).toEqual(value);
    done.read++;
  });

  it.each(writable)("$file is written byte for byte", ({ data, dims, value, payload_md5 }) => {
    const options = { mapping: "exact", compression: "none", nestedSets: true } as const;
    const read = unpack(data, { mapping: "exact", words: dims });
    expect(digest(pack(fromNeutral(value, read), options)), "from the description").toBe(payload_md5);
    expect(digest(pack(read, options)), "from what was read").toBe(payload_md5);
    done.written++;
  });

  it.each(bad)("$file is refused: $why", ({ data, options }) => {
    const attempt = (): unknown =>
      unpack(data, { words: options?.dims ?? 64, limits: { maxPayload: options?.max_payload } as never });
    try {
      attempt();
    } catch (error) {
      expect(isMortiseError(error) && ["corrupt", "limit-exceeded"].includes(error.code), String(error)).toBe(true);
      expect((error as Error).message).toMatch(/^value/);
      done.refused++;
      return;
    }
    expect.fail("it was read");
  });
});
