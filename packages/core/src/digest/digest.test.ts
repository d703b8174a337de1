import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentHash, contentHashOfMd5, isContentHash, md5OfContentHash } from "./content-hash.ts";
import { createHasher, digest } from "./digest.ts";
import * as node from "./node.ts";
import * as portable from "./portable.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("contentHash", () => {
  it.each([
    ["E01", "nothing", new Uint8Array(), "2qoyzwmpaczaj2mabgmoz6ccpy"],
    ["E02", "a", utf8("a"), "btaxlooa6g3kqmodthrgs5zgme"],
    ["E03", "abc", utf8("abc"), "saavbgb42jh3bvuwh56sryl7oi"],
    ["E04", "hello world", utf8("hello world"), "l23dxo7ad3xnbe6lek5y6wwnym"],
    ["E05", "Hello, World!", utf8("Hello, World!"), "mwuoe7mipeudqmnwms6yw7yk2q"],
    ["E06", "test content", utf8("test content"), "srz73ugyqcsdyinxo6gtjbzbk4"],
    ["E07", "one zero byte", new Uint8Array(1), "so4illp6bwqittpwgsie7vm7oe"],
    ["E08", "1024 zero bytes", new Uint8Array(1024), "b42dwcjrcjvcb4jt2z6cwamkhm"],
    ["E09", "every byte", Uint8Array.from({ length: 256 }, (_, index) => index), "4leglw2bmk7nsy57vkppnlay6a"],
    ["E10", "1000 × x", utf8("x".repeat(1000)), "hgcthvebchu7mzfr6zglcdclmm"],
    ["E11", "é", utf8("é"), "m3o43f6p32v3f5x3rkmzws6hn4"],
    ["E12", "an attachment", utf8("x.tar.gz\0tgz"), "agdpwmpal2k375luzfisfvfnkm"],
    ["E13", "a JSON attachment", utf8("config.json\0{}"), "v2bbtpxvhrslwpngcj7rowsrfm"],
    ["E14", "x", utf8("x"), "txkoiyjgrsadj5oikzhbkxdhuy"],
  ])("%s: of %s", (_id, _name, content, hash) => {
    expect(contentHash(content)).toBe(hash);
    expect(isContentHash(hash)).toBe(true);
  });

  it("E15: of any content has 26 characters, the last of them one of eight, and leads back to the MD5", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (content) => {
        const hash = contentHash(content);
        expect(hash).toMatch(/^[a-z2-7]{25}[aeimquy4]$/);
        const hex = createHash("md5").update(content).digest("hex");
        expect(md5OfContentHash(hash)).toBe(hex);
        expect(contentHashOfMd5(hex)).toBe(hash);
      }),
    );
  });

  it.each(["", "abc", "L23DXO7AD3XNBE6LEK5Y6WWNYM", "l23dxo7ad3xnbe6lek5y6wwnyb", 5, null])("is not %j", (text) => {
    expect(isContentHash(text)).toBe(false);
  });
});

describe("createHasher", () => {
  it.each([
    ["md5", "900150983cd24fb0d6963f7d28e17f72"],
    ["sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ["crc32c", "364b3fb7"],
  ] as const)("computes %s", (algorithm, hex) => {
    const hasher = createHasher(algorithm);
    hasher.update(utf8("a"));
    hasher.update(utf8("bc"));
    expect(hasher.digest()).toBe(hex);
    expect(digest(algorithm, utf8("abc"))).toBe(hex);
  });

  it("computes the check value of CRC-32C, and that of nothing", () => {
    expect(digest("crc32c", utf8("123456789"))).toBe("e3069283");
    expect(digest("crc32c", new Uint8Array())).toBe("00000000");
  });

  it("computes CRC-32C of any chunks as of the whole", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        const hasher = createHasher("crc32c");
        for (const chunk of chunks) hasher.update(chunk);
        expect(hasher.digest()).toBe(digest("crc32c", Uint8Array.from(chunks.flatMap((chunk) => [...chunk]))));
      }),
    );
  });
});

describe("the digests outside Node", () => {
  it("equal those of Node, also when hashers take turns", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 3 }), fc.uint8Array({ maxLength: 200 })), { maxLength: 20 }),
        fc.constantFrom("md5" as const, "sha256" as const),
        (steps, algorithm) => {
          const pairs = Array.from({ length: 4 }, () => [
            node.createCryptoHasher(algorithm),
            portable.createCryptoHasher(algorithm),
          ]);
          for (const [index, chunk] of steps) for (const hasher of pairs[index] ?? []) hasher.update(chunk);
          for (const [expected, found] of pairs) expect(found?.digest()).toBe(expected?.digest());
        },
      ),
    );
    expect(portable.digestOf("md5", utf8("abc"))).toBe(node.digestOf("md5", utf8("abc")));
  });
});
