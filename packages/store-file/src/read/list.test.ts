import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compareKeys } from "@mortise/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openFileStore } from "../store.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";

describe("listing a file store", () => {
  it("gives what sorting all keys gives, for any names, prefix and start", async () => {
    const segment = fc.string({
      unit: fc.constantFrom("a", "b", "-", ".", "0", "é", "\u{1F600}", "\uFF21"),
      minLength: 1,
      maxLength: 3,
    });
    const name = fc
      .array(segment, { minLength: 1, maxLength: 3 })
      .map((parts) => parts.map((part) => `k${part}`).join("/"));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { maxLength: 12 }),
        fc.string({ unit: fc.constantFrom("k", "a", "/", "-"), maxLength: 4 }),
        name,
        fc.integer({ min: 1, max: 5 }),
        async (names, start, startAfter, pageSize) => {
          const keys = names.filter((each) => !names.some((other) => other.startsWith(`${each}/`)));
          const prefix = start.replace(/^\/+|\/{2,}.*$/g, "");
          await using folder = await temporaryFolder();
          for (const key of keys) {
            await mkdir(dirname(join(folder.path, key)), { recursive: true });
            await writeFile(join(folder.path, key), key);
          }
          await using store = await openFileStore({ location: folder.path });
          const found: string[] = [];
          for await (const page of store.list({ prefix, startAfter, pageSize }))
            found.push(...page.objects.map((info) => info.key));
          const expected = keys.filter((key) => key.startsWith(prefix) && compareKeys(key, startAfter) > 0);
          expect(found).toEqual(expected.sort(compareKeys));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("passes over names that are no keys", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "good"), "");
    await writeFile(join(folder.path, "back\\slash"), "");
    await writeFile(join(folder.path, "bell\u0007"), "");
    await writeFile(Buffer.concat([Buffer.from(`${folder.path}/latin1-`), Buffer.from([0xe9])]), "");
    await using store = await openFileStore({ location: folder.path });
    const found: string[] = [];
    for await (const page of store.list()) found.push(...page.objects.map((info) => info.key));
    expect(found).toEqual(["good"]);
  });
});
