import {
  createFileSection,
  type FileSection,
  type ObjectReference,
  type ObjectStore,
  parseKey,
  parseSections,
} from "@mortise/core";
import { createMemoryStore } from "@mortise/store-testkit";
import { describe, expect, it } from "vitest";
import { ValueDecodeContext } from "./decode-context.ts";
import { fileBase } from "./file-section.ts";
import type { StoreAccess, StoreLayout } from "./store-access.ts";

const site = { schema: "lab", table: "T", attribute: "x", primaryKey: {} };
const layout = (settings: Readonly<Record<string, unknown>> = {}): StoreLayout => ({
  name: "main",
  settings,
  sections: parseSections(settings),
});

interface Opened {
  readonly context: ValueDecodeContext;
  readonly store: ObjectStore;
  readonly opened: string[];
}

async function open(settings: Readonly<Record<string, unknown>> = {}, chain: string | undefined = ""): Promise<Opened> {
  const store = createMemoryStore();
  for (const path of ["_schema/a/x", "_schema/a/x/1", "_schema/a/x.manifest.json", "_schema/a/xy", "user/f"]) {
    await store.put(parseKey(path), new TextEncoder().encode(path));
  }
  const opened: string[] = [];
  const stores: StoreAccess = {
    resolveName: (name) => (name === undefined || name === null || name === "" ? "main" : name),
    filepathDefault: () => "main",
    layout: () => layout(settings),
    async open(name) {
      opened.push(name);
      return { name, store, sections: layout(settings).sections };
    },
  };
  const signal = AbortSignal.timeout(9000);
  return { context: new ValueDecodeContext(stores, site, chain, signal, "."), store, opened };
}

const reference = (path: string, shape: "object" | "prefix", section: ObjectReference["section"] = "schema") => ({
  store: "main",
  section,
  path,
  shape,
});

describe("reading a reference", () => {
  it.each([
    [null, "", "main"],
    ["", undefined, "main"],
    [undefined, "raw", "raw"],
    ["old", "raw", "old"],
  ])("takes the recorded store %j in a column of store %j for %s, without I/O", async (recorded, chain, expected) => {
    const { context, opened } = await open({}, chain);
    expect(context.storeOf(recorded)).toBe(expected);
    expect(opened).toEqual([]);
  });

  it("refuses a recorded store that is no name", async () => {
    const { context } = await open();
    expect(() => context.storeOf(5)).toThrow(expect.objectContaining({ code: "corrupt" }));
  });

  it("reaches one object and nothing else", async () => {
    const { context } = await open();
    const { objects, url } = await context.open(reference("_schema/a/x", "object"));
    expect(url).toMatch(/_schema\/a\/x$/);
    expect((await objects.head(parseKey("_schema/a/x"))).size).toBe(11);
    for (const path of ["_schema/a/x/1", "_schema/a/xy", "user/f"]) {
      await expect(objects.get(parseKey(path))).rejects.toMatchObject({ code: "permission-denied" });
      await expect(objects.getRanges(parseKey(path), [])).rejects.toMatchObject({ code: "permission-denied" });
    }
  });

  it("reaches the files of a folder and its manifest", async () => {
    const { context } = await open();
    const { objects } = await context.open(reference("_schema/a/x", "prefix"));
    await objects.head(parseKey("_schema/a/x/1"));
    await objects.head(parseKey("_schema/a/x.manifest.json"));
    await expect(objects.head(parseKey("_schema/a/xy"))).rejects.toMatchObject({ code: "permission-denied" });
    const seen: string[] = [];
    for await (const page of objects.list()) seen.push(...page.objects.map(({ key }) => key as string));
    expect(seen).toEqual(["_schema/a/x/1"]);
    const outside = objects.list({ prefix: "_schema/a/" })[Symbol.asyncIterator]();
    await expect(outside.next()).rejects.toMatchObject({ code: "permission-denied" });
  });

  it.each([
    ["../secrets", "object", "schema", "invalid-key"],
    ["/etc/passwd", "object", "filepath", "invalid-key"],
    ["_mortise/store.json", "object", "schema", "reserved-path"],
    ["_hash/lab/x", "object", "filepath", "reserved-path"],
  ] as const)("refuses the recorded path %s", async (path, shape, section, code) => {
    const { context } = await open();
    await expect(context.open(reference(path, shape, section))).rejects.toMatchObject({ code });
  });

  it("reads objects under prefixes that the configuration no longer has", async () => {
    const { context } = await open({ schema_prefix: "renamed" });
    const { objects } = await context.open(reference("_schema/a/x", "object"));
    expect((await objects.head(parseKey("_schema/a/x"))).size).toBe(11);
  });
});

describe("paths of user-managed files", () => {
  const file = { protocol: "file", location: "/data/main" };
  const files = (settings: Readonly<Record<string, unknown>>, store: ObjectStore): FileSection =>
    createFileSection(store, layout(settings).sections, fileBase(layout(settings), store));
  const resolve = (settings: Readonly<Record<string, unknown>>, given: string, baseUrl = "file:///data/main"): string =>
    files(settings, { ...createMemoryStore(), baseUrl }).resolve(given);

  it.each([
    ["a.bin", "a.bin"],
    ["./a//b.bin", "a/b.bin"],
    ["/data/main/a.bin", "a.bin"],
    ["file:///data/main/a%20b.bin", "a b.bin"],
    ["my_hash_file.dat", "my_hash_file.dat"],
    ["_hashes/x", "_hashes/x"],
  ])("takes %s for %s", (given, key) => {
    expect(resolve(file, given)).toBe(key);
    expect(resolve({}, given)).toBe(key);
  });

  it("takes a path through the symbolic link that the configuration names", () => {
    expect(resolve(file, "/data/main/a.bin", "file:///disk7/main")).toBe("a.bin");
    expect(resolve(file, "/disk7/main/a.bin", "file:///disk7/main")).toBe("a.bin");
  });

  it.each([
    ["", "invalid-path"],
    ["x/../a", "invalid-path"],
    ["a\\b", "invalid-path"],
    ["/etc/passwd", "outside-store"],
    ["_hash", "reserved-path"],
    ["./_hash/x", "reserved-path"],
    ["_schema/a", "reserved-path"],
    ["_mortise/x", "reserved-path"],
  ])("refuses %j as %s", (given, code) => {
    expect(() => resolve(file, given)).toThrow(expect.objectContaining({ code }));
  });

  it.each(["f.bin", "rawx/f.bin", "raw"])("refuses %s outside the prefix", (given) => {
    const prefixed = { filepath_prefix: "raw" };
    expect(resolve(prefixed, "raw/f.bin")).toBe("raw/f.bin");
    expect(() => resolve(prefixed, given)).toThrow(expect.objectContaining({ code: "outside-prefix" }));
  });

  it("can be read, listed and signed for reading, and nothing beside them", async () => {
    const inner: ObjectStore = {
      ...createMemoryStore(),
      presign: async ({ method, key }) => ({ method, url: `memory://${key}`, headers: {}, expiresAt: new Date(0) }),
    };
    await inner.put(parseKey("raw/f"), Uint8Array.of(1));
    const { objects } = files({ filepath_prefix: "raw" }, inner);
    await objects.head(parseKey("raw/f"));
    await expect(objects.head(parseKey("other/f"))).rejects.toMatchObject({ code: "outside-prefix" });
    await expect(objects.get(parseKey("_hash/f"))).rejects.toMatchObject({ code: "reserved-path" });
    const outside = objects.list({ prefix: "" })[Symbol.asyncIterator]();
    await expect(outside.next()).rejects.toMatchObject({ code: "outside-prefix" });
    const signed = (method: "GET" | "PUT", key: string) =>
      objects.presign?.({ method, key: parseKey(key), expiresInSeconds: 60 });
    expect(await signed("GET", "raw/f")).toMatchObject({ url: "memory://raw/f" });
    await expect(signed("GET", "other/f")).rejects.toMatchObject({ code: "outside-prefix" });
    await expect(signed("PUT", "raw/f")).rejects.toMatchObject({ code: "permission-denied" });
  });
});
