import { describe, expect, it } from "vitest";
import { createMapStore } from "../../test/map-store.ts";
import type { ObjectReference } from "../codec/contract.ts";
import type { ObjectKey } from "../keys/object-key.ts";
import { parseKey } from "../keys/parse-key.ts";
import { parseSections } from "./parse-sections.ts";
import { createReferenceAccess } from "./reference-access.ts";
import { createSectionTarget } from "./section-target.ts";

const sections = parseSections({});
const bytes = Uint8Array.of(1, 2, 3);
const object = parseKey("_schema/lab/Recording/raw.x.dat");
const folder = parseKey("_schema/lab/Recording/scan.x.zarr");

describe("createSectionTarget", () => {
  it("creates the one object it was made for", async () => {
    const store = createMapStore();
    const target = createSectionTarget(store, sections, object, "object");
    expect(target.path).toBe(object);
    expect(await target.put("", bytes)).toMatchObject({ size: 3 });
    expect(store.calls).toEqual([`put ${object} create`]);
    await expect(target.put("other", bytes)).rejects.toMatchObject({ code: "invalid-path" });
    await expect(target.putBeside(".manifest.json", bytes)).rejects.toMatchObject({ code: "invalid-path" });
    expect([...store.objects.keys()]).toEqual([object]);
  });

  it("creates files of its folder and the manifest beside it, and nothing else", async () => {
    const store = createMapStore();
    const target = createSectionTarget(store, sections, folder, "prefix");
    await target.put("sub/f2", bytes);
    await target.put(".zarray", bytes);
    await target.putBeside(".manifest.json", bytes);
    expect([...store.objects.keys()]).toEqual([`${folder}/sub/f2`, `${folder}/.zarray`, `${folder}.manifest.json`]);
    for (const outside of ["", "../x", "/x", "a/../../x", "a//b", "a\\b"]) {
      await expect(target.put(outside, bytes)).rejects.toThrow();
    }
    expect(store.objects.size).toBe(3);
  });

  it.each([[["create" as const]], [[]]])("never overwrites what was there before, with put modes %j", async (modes) => {
    const store = createMapStore(modes);
    store.objects.set(object, Uint8Array.of(9));
    const target = createSectionTarget(store, sections, object, "object");
    await expect(target.put("", bytes)).rejects.toMatchObject({ code: "already-exists" });
    expect(store.objects.get(object)).toEqual(Uint8Array.of(9));
  });

  it("may write again what failed, and nothing twice", async () => {
    const inner = createMapStore([]);
    let failures = 1;
    const store: typeof inner = {
      ...inner,
      async put(key, body, options) {
        const result = await inner.put(key, body, options);
        if (failures-- > 0) throw new Error("the answer was lost");
        return result;
      },
    };
    const target = createSectionTarget(store, sections, folder, "prefix");
    await expect(target.put("a", bytes)).rejects.toThrow("lost");
    await target.put("a", Uint8Array.of(4));
    expect(inner.objects.get(`${folder}/a`)).toEqual(Uint8Array.of(4));
    expect(inner.calls[0]).toBe(`head ${folder}/a`);
    await expect(target.put("a", bytes)).rejects.toMatchObject({ code: "invalid-path" });
    expect(inner.objects.get(`${folder}/a`)).toEqual(Uint8Array.of(4));
  });

  it("tells a later attempt what it has begun, and not what somebody else has", async () => {
    const store = createMapStore();
    store.objects.set(object, Uint8Array.of(9));
    const begun = new Set<ObjectKey>();
    const refused = createSectionTarget(store, sections, object, "object", begun);
    await expect(refused.put("", bytes)).rejects.toMatchObject({ code: "already-exists" });
    await expect(refused.put("", bytes)).rejects.toMatchObject({ code: "already-exists" });
    expect(begun.size).toBe(0);
    await createSectionTarget(store, sections, folder, "prefix", begun).put("a", bytes);
    expect([...begun]).toEqual([`${folder}/a`]);
    await createSectionTarget(store, sections, folder, "prefix", begun).put("a", Uint8Array.of(4));
    expect(store.objects.get(`${folder}/a`)).toEqual(Uint8Array.of(4));
  });

  it.each(["_hash/lab/x", "raw/x", "_mortise/store.json"])("refuses %s, which is in another section", (path) => {
    expect(() => createSectionTarget(createMapStore(), sections, parseKey(path), "object")).toThrow("section");
  });
});

describe("createReferenceAccess", () => {
  const reference = (path: string, shape: "object" | "prefix", section: ObjectReference["section"] = "schema") =>
    ({ store: "main", section, path, shape }) as const;
  const filled = () => {
    const store = createMapStore();
    for (const key of [
      object,
      `${object}2`,
      `${folder}/a`,
      `${folder}/b/c`,
      `${folder}.manifest.json`,
      `${folder}2/x`,
    ]) {
      store.objects.set(key, bytes);
    }
    return store;
  };
  const keysOf = async (pages: AsyncIterable<{ readonly objects: readonly { readonly key: string }[] }>) => {
    const keys: string[] = [];
    for await (const page of pages) keys.push(...page.objects.map((info) => info.key));
    return keys;
  };

  it("reads its object, and nothing beside it", async () => {
    const store = filled();
    const { objects, url } = createReferenceAccess(store, sections, reference(object, "object"));
    expect(url).toBe(`map://root/${object}`);
    expect(await (await objects.get(object)).bytes()).toEqual(bytes);
    expect(await objects.head(object)).toMatchObject({ size: 3 });
    expect(await keysOf(objects.list())).toEqual([object]);
    for (const outside of [`${object}2`, folder, `${object}/x`, "_hash/lab/x"]) {
      await expect(objects.get(outside as ObjectKey)).rejects.toMatchObject({ code: "permission-denied" });
      await expect(objects.head(outside as ObjectKey)).rejects.toMatchObject({ code: "permission-denied" });
      await expect(objects.getRanges(outside as ObjectKey, [])).rejects.toMatchObject({ code: "permission-denied" });
    }
    await expect(objects.get(`${object}/../x` as ObjectKey)).rejects.toMatchObject({ code: "invalid-key" });
  });

  it("reads and lists its folder with the manifest, and no neighbour whose name begins alike", async () => {
    const { objects } = createReferenceAccess(filled(), sections, reference(folder, "prefix"));
    expect(await keysOf(objects.list())).toEqual([`${folder}/a`, `${folder}/b/c`]);
    expect(await keysOf(objects.list({ prefix: `${folder}/b` }))).toEqual([`${folder}/b/c`]);
    expect(await keysOf(objects.list({ prefix: folder }))).toEqual([
      `${folder}.manifest.json`,
      `${folder}/a`,
      `${folder}/b/c`,
    ]);
    expect(await objects.head(parseKey(`${folder}.manifest.json`))).toMatchObject({ size: 3 });
    await expect(keysOf(objects.list({ prefix: "" }))).rejects.toMatchObject({ code: "permission-denied" });
    await expect(objects.get(parseKey(`${folder}2/x`))).rejects.toMatchObject({ code: "permission-denied" });
  });

  it("signs reading only", async () => {
    const { objects } = createReferenceAccess(filled(), sections, reference(object, "object"));
    const request = { key: object, expiresInSeconds: 60 };
    expect(await objects.presign?.({ ...request, method: "GET" })).toMatchObject({ url: `map://root/${object}` });
    for (const method of ["PUT", "DELETE"] as const) {
      await expect(objects.presign?.({ ...request, method })).rejects.toMatchObject({ code: "permission-denied" });
    }
  });

  it("encodes the URL", () => {
    const { url } = createReferenceAccess(filled(), sections, reference("raw/x y#é", "object", "filepath"));
    expect(url).toBe("map://root/raw/x%20y%23%C3%A9");
  });

  it.each(["/etc/passwd", "../x", "./x", "a//b", ""])("refuses the recorded path %j", (path) => {
    expect(() => createReferenceAccess(filled(), sections, reference(path, "object", "filepath"))).toThrow(
      "is no object key",
    );
  });

  it.each(["_hash/lab/x", "_schema/lab/x", "_mortise/store.json"])("does not read %s as a user's file", (path) => {
    expect(() => createReferenceAccess(filled(), sections, reference(path, "object", "filepath"))).toThrow("section");
  });

  it("follows objects that stand outside of today's prefixes, but never into _mortise", () => {
    expect(() => createReferenceAccess(filled(), sections, reference("lab/recording/raw_x", "object"))).not.toThrow();
    expect(() => createReferenceAccess(filled(), sections, reference("_mortise/x", "object"))).toThrow("_mortise/x");
  });
});
