import type { MinimalStore, ObjectInfo, ObjectKey, ObjectStore, StoreCapabilities } from "@mortise/core";
import { isStoreError, maxKeyBytes } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { completeStore, readStoreIdentity, storeError } from "@mortise/store-kit";
import { sendableBody } from "./body.ts";
import { drain } from "./errors.ts";
import { createFolders } from "./folders.ts";
import { createSend } from "./http.ts";
import { holdsObject, listPages } from "./list.ts";
import type { WebdavStoreOptions } from "./options.ts";
import { encodePath, resolveOptions } from "./options.ts";
import type { Resource } from "./propfind.ts";
import { propfind } from "./propfind.ts";
import { getHeaders, infoOf, resultOf } from "./read.ts";

/** What was seen to hold on a server, and no more: conditions were tried, and several writers won at once. */
const capabilities: StoreCapabilities = {
  putModes: new Set(),
  conditionalDelete: false,
  checksums: new Set(),
  ranges: true,
  presign: new Set(),
  serverSideCopy: false,
  atomicMove: false,
  versions: false,
  metadata: false,
  bulkDelete: 1,
  caseSensitive: true,
  durableOnReturn: false,
  maxKeyBytes,
};

/**
 * Opens a folder of a WebDAV server as a store, without a project. Nothing is written before the first write.
 * Throws `invalid-config` for an endpoint that is no folder of a WebDAV server, and what its server answers.
 */
export async function openWebdavStore(options: WebdavStoreOptions): Promise<ObjectStore> {
  const { endpoint, root, rootUrls } = resolveOptions(options);
  const at = (operation: string, key?: ObjectKey): OperationSite => ({
    operation,
    store: options.storeName ?? "webdav",
    key,
  });
  const send = createSend(options);
  const rootPath = `${decodeURIComponent(new URL(root).pathname).replace(/\/$/, "")}/`;
  const urlOf = (path: string): string => (path === "" ? root : `${root}/${encodePath(path)}`);

  async function look(site: OperationSite, path: string, signal?: AbortSignal): Promise<Resource | undefined> {
    return (await propfind(send, site, urlOf(path), 0, signal))?.[0];
  }
  /** What is directly in a folder, given by its path with a slash at its end. */
  function reader(site: OperationSite) {
    return async (folder: string, signal: AbortSignal | undefined): Promise<readonly Resource[]> => {
      const found = (await propfind(send, site, `${urlOf(folder.slice(0, -1))}/`, 1, signal)) ?? [];
      const below = rootPath + folder;
      // Left out, objects under other names would be missing without a word.
      const alien = found.find(({ path }) => !`${path}/`.startsWith(below) || path.slice(below.length).includes("/"));
      if (alien !== undefined) {
        throw storeError(site, "protocol", `asked for what is in "${below}", the server told of "${alien.path}"`, {
          hint: "is there a proxy that rewrites paths, or a server that spells names in another way?",
        });
      }
      // The folder itself is among them.
      return found.filter(({ path }) => path.length > below.length);
    };
  }
  const folders = createFolders({
    send,
    urlOf,
    rootUrls,
    look,
    holdsObject: (site, folder, signal) => holdsObject(reader(site), rootPath, folder, signal),
  });

  async function head(site: OperationSite, key: ObjectKey, signal?: AbortSignal): Promise<ObjectInfo> {
    const found = await look(site, key, signal);
    if (found === undefined || found.folder) throw storeError(site, "not-found", "there is no such object");
    const { size, lastModified, etag } = found;
    return { key, size, lastModified, etag };
  }

  const store: MinimalStore = {
    protocol: "webdav",
    baseUrl: root,
    capabilities,

    async put(key, source, { size, signal } = {}) {
      const site = at("put", key);
      const sendable = await sendableBody(source, size);
      const { body, replayable } = sendable;
      await folders.make(site, key, signal);
      for (let attempt = 1; ; attempt++) {
        const response = await send(site, "PUT", urlOf(key), {
          body,
          signal,
          expected: [200, 201, 204, 400, 404, 405, 409, "folder"],
        }).catch((error: unknown) => {
          throw sendable.failure ?? error;
        });
        await drain(response);
        if (response.ok) return { size: sendable.bytes, checksums: {} };
        // Something about the folders is not as it should be: one is missing, or an empty one has the object's name.
        await folders.repair(site, key, signal);
        if (replayable && attempt < 3) continue;
        throw storeError(site, "unavailable", `the server refused the name (HTTP ${response.status})`, {
          status: response.status,
          hint: "its folders were removed meanwhile, and have been made anew: write it again",
        });
      }
    },

    async get(key, call = {}) {
      const site = at("get", key);
      const { signal } = call;
      const response = await send(site, "GET", urlOf(key), {
        headers: getHeaders(call),
        signal,
        expected: [200, 206],
      }).catch(async (error: unknown) => {
        // Apache denies what was deleted while it looked: ask again before that is believed.
        if (isStoreError(error, "permission-denied")) await head(site, key, signal);
        throw error;
      });
      return await resultOf(site, infoOf(key, response) ?? (await head(site, key, signal)), response, call);
    },

    head: (key, { signal } = {}) => head(at("head", key), key, signal),

    list: (call = {}) => listPages(reader(at("list")), rootPath, call),

    async delete(key, { signal } = {}) {
      const site = at("delete", key);
      const found = await look(site, key, signal);
      if (found === undefined || found.folder) return "absent";
      // A folder would be deleted with all that is in it; one that came meanwhile is not, as depth 0 is refused for it.
      const response = await send(site, "DELETE", urlOf(key), {
        headers: { depth: "0" },
        signal,
        expected: [200, 204, 404, 410],
      });
      await drain(response);
      return response.ok ? "deleted" : "absent";
    },

    close: () => Promise.resolve(),
    async [Symbol.asyncDispose]() {},
  };

  if ((await propfind(send, at("open"), `${endpoint}/`, 0, undefined))?.[0]?.folder !== true) {
    throw storeError(at("open"), "invalid-config", `${endpoint} is no folder of a WebDAV server`, {
      hint: "correct the endpoint; folders below it are made, itself it must exist",
    });
  }
  await readStoreIdentity(store, options.storeName);
  return completeStore(store, options);
}
