import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectStore } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { openFileStore } from "./store.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const secret = "not of this store";

async function withLinks(work: (store: ObjectStore, root: string, outside: string) => Promise<void>): Promise<void> {
  await using folder = await temporaryFolder();
  const [root, outside] = [join(folder.path, "root"), join(folder.path, "outside")];
  await mkdir(join(root, "in"), { recursive: true });
  await mkdir(outside);
  await writeFile(join(outside, "secret"), secret);
  await writeFile(join(root, "in/file"), "inside");
  await symlink(join(outside, "secret"), join(root, "file-out"));
  await symlink(outside, join(root, "folder-out"));
  await symlink(join(root, "in/file"), join(root, "file-in"));
  await symlink(join(root, "in"), join(root, "folder-in"));
  await symlink(root, join(root, "circle"));
  await symlink("nowhere", join(root, "dangling"));
  await using store = await openFileStore({ location: root });
  await work(store, root, outside);
}

describe("symbolic links in a file store", () => {
  it.each(["file-out", "folder-out/secret"])("refuses to read %s, which leads out of the store", (name) =>
    withLinks(async (store) => {
      await expect(store.get(parseKey(name))).rejects.toMatchObject({ code: "permission-denied" });
      await expect(store.head(parseKey(name))).rejects.toMatchObject({ code: "permission-denied" });
      await expect(store.copy(parseKey(name), parseKey("copy"))).rejects.toMatchObject({ code: "permission-denied" });
      await expect(store.move(parseKey(name), parseKey("moved"))).rejects.toMatchObject({ code: "permission-denied" });
    }),
  );

  it("refuses to write or delete through a folder that leads out", () =>
    withLinks(async (store, _root, outside) => {
      const body = new Uint8Array(3);
      for (const name of ["folder-out/new", "folder-out/secret", "folder-out/deep/new"]) {
        await expect(store.put(parseKey(name), body)).rejects.toMatchObject({ code: "permission-denied" });
        await expect(store.put(parseKey(name), body, { mode: "create" })).rejects.toMatchObject({
          code: "permission-denied",
        });
      }
      await expect(store.delete(parseKey("folder-out/secret"))).rejects.toMatchObject({ code: "permission-denied" });
      expect(await readdir(outside)).toEqual(["secret"]);
      expect(await readFile(join(outside, "secret"), "utf8")).toBe(secret);
    }));

  it("replaces or deletes a link to a file itself, never its target", () =>
    withLinks(async (store, root, outside) => {
      await store.put(parseKey("file-out"), new TextEncoder().encode("new"));
      expect(await readFile(join(root, "file-out"), "utf8")).toBe("new");
      expect(await readFile(join(outside, "secret"), "utf8")).toBe(secret);
      expect(await store.delete(parseKey("file-in"))).toBe("deleted");
      expect(await readFile(join(root, "in/file"), "utf8")).toBe("inside");
    }));

  it("follows links that stay inside", () =>
    withLinks(async (store) => {
      for (const name of ["file-in", "folder-in/file", "circle/in/file"]) {
        expect(new TextDecoder().decode(await (await store.get(parseKey(name))).bytes())).toBe("inside");
        expect((await store.head(parseKey(name))).size).toBe(6);
      }
    }));

  it("lists links to files inside, and neither circles nor what is outside", () =>
    withLinks(async (store) => {
      const keys: string[] = [];
      for await (const page of store.list()) keys.push(...page.objects.map((info) => info.key));
      expect(keys).toEqual(["file-in", "in/file"]);
    }));

  it("says that a dangling link is not there", () =>
    withLinks(async (store) => {
      await expect(store.get(parseKey("dangling"))).rejects.toMatchObject({ code: "not-found" });
    }));
});
