import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectStore } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { afterAll, describe, expect, it } from "vitest";
import { openWebdavStore } from "./store.ts";
import { startWebdavServer, webdavServer } from "./testing/server.ts";

const bytes = new TextEncoder().encode("bytes");

if (webdavServer.met) {
  const { folder, url, username, password, stop } = await startWebdavServer();
  afterAll(stop);
  const open = (location: string): Promise<ObjectStore> =>
    openWebdavStore({ endpoint: url, location, username, password });

  describe("a WebDAV store beside other clients", () => {
    it("refuses a key that names a folder with objects, and loses none of them", async () => {
      await using store = await open("full");
      await store.put(parseKey("a/b/c"), bytes);
      await expect(store.put(parseKey("a"), bytes)).rejects.toMatchObject({ code: "invalid-key" });
      await expect(store.put(parseKey("a/b"), bytes)).rejects.toMatchObject({ code: "invalid-key" });
      expect(await (await store.get(parseKey("a/b/c"))).bytes()).toEqual(bytes);
    });

    it("refuses a key that runs through an object", async () => {
      await using store = await open("through");
      await store.put(parseKey("a"), bytes);
      await expect(store.put(parseKey("a/b/c"), bytes)).rejects.toMatchObject({ code: "invalid-key" });
      expect(await (await store.get(parseKey("a"))).bytes()).toEqual(bytes);
    });

    it("makes a folder again that somebody removed", async () => {
      await using store = await open("deep/and/removed");
      await store.put(parseKey("a/b"), bytes);
      await rm(join(folder, "deep/and/removed/a"), { recursive: true });
      await store.put(parseKey("a/c"), bytes);
      expect(await (await store.get(parseKey("a/c"))).bytes()).toEqual(bytes);
    });

    it("lists what others have put, and not their empty folders", async () => {
      await using store = await open("shared");
      await mkdir(join(folder, "shared/empty/inner"), { recursive: true });
      await mkdir(join(folder, "shared/a"));
      await writeFile(join(folder, "shared/a/x y&z%.txt"), bytes);
      for (const path of ["shared", "shared/a"]) await chmod(join(folder, path), 0o777);
      const pages = await Array.fromAsync(store.list({ delimiter: "/" }));
      expect(pages.flatMap((page) => page.prefixes)).toEqual(["a/"]);
      const all = await Array.fromAsync(store.list());
      expect(all.flatMap((page) => page.objects.map((info) => info.key))).toEqual(["a/x y&z%.txt"]);
    });

    it("has a server that deletes no folder where it is asked to delete an object", async () => {
      // What `delete` relies on where a folder comes between its look and its request.
      await mkdir(join(folder, "plain"));
      const authorization = `Basic ${btoa(`${username}:${password}`)}`;
      const { status } = await fetch(`${url}/plain/`, { method: "DELETE", headers: { authorization, depth: "0" } });
      expect(status).toBe(400);
    });

    it("refuses a wrong password", async () => {
      const opening = openWebdavStore({ endpoint: url, username, password: "wrong" });
      await expect(opening).rejects.toMatchObject({ code: "unauthenticated" });
    });

    it("reads with a validator once the server vouches for it", async () => {
      await using store = await open("validators");
      const key = parseKey("a");
      await store.put(key, bytes);
      await expect.poll(async () => (await store.head(key)).etag, { timeout: 10_000 }).toBeDefined();
      const { etag } = await store.head(key);
      expect(await (await store.get(key, { ifMatch: etag })).bytes()).toEqual(bytes);
      await store.put(key, new Uint8Array(9));
      await expect(store.get(key, { ifMatch: etag })).rejects.toMatchObject({ code: "precondition-failed" });
    });
  });
} else it.skip(`a WebDAV store beside other clients (${webdavServer.reason})`, () => undefined);
