import type { MinimalStore, ObjectKey, ObjectStore, StoreCapabilities } from "@mortise/core";
import { isMortiseError, maxKeyBytes, silentLogger, toUrl } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { completeStore, readStoreIdentity, storeError } from "@mortise/store-kit";
import { systemError } from "./errors.ts";
import { etagOf } from "./etag.ts";
import type { FileStoreOptions } from "./options.ts";
import { createGet } from "./read/get.ts";
import { listObjects } from "./read/list.ts";
import { headObject } from "./read/open-object.ts";
import { createContainment } from "./root/containment.ts";
import { createLayout } from "./root/layout.ts";
import { openRoot } from "./root/open-root.ts";
import { codeOf } from "./syscalls.ts";
import { createCommit } from "./write/commit.ts";
import { createDirectories } from "./write/directories.ts";
import { createDirectoryFlush } from "./write/directory-flush.ts";
import { makeDurable } from "./write/make-durable.ts";
import { moveObject } from "./write/move.ts";
import { assumedTraits, checkOneFileSystem, probeFileSystem } from "./write/probe.ts";
import { removeObject } from "./write/remove.ts";
import type { Staged } from "./write/staging.ts";
import { createStaging } from "./write/staging.ts";

/**
 * Opens a folder as a store, without a project. Nothing is written before the first write.
 * Throws `invalid-config` for a location that is no readable folder, that another release wrote, or whose `_mortise/` is on another file system.
 */
export async function openFileStore(options: FileStoreOptions): Promise<ObjectStore> {
  const { durability = "full", storeName = "file" } = options;
  const at = (operation: string, key?: ObjectKey): OperationSite => ({
    operation,
    store: storeName,
    key,
  });
  if (durability !== "full" && durability !== "none") {
    throw storeError(
      at("open"),
      "invalid-config",
      `durability is ${JSON.stringify(durability)}, it must be "full" or "none"`,
    );
  }
  const root = await openRoot(at("open"), options.location);
  const layout = createLayout(root);
  await checkOneFileSystem(at("open"), root, layout.staging);

  let traits = assumedTraits;
  let probing: Promise<void> | undefined;
  const containment = createContainment(layout);
  const directories = createDirectories(
    layout,
    containment,
    durability === "full" ? createDirectoryFlush() : undefined,
  );
  const staging = createStaging(layout.staging, durability === "full");
  const commit = createCommit({ layout, containment, directories, traits: () => traits });
  const get = createGet(layout, containment, options.logger ?? silentLogger, storeName);

  async function probe(): Promise<void> {
    traits = await probeFileSystem(layout.staging);
    await checkOneFileSystem(at("open"), root, layout.staging);
  }
  async function prepareToWrite(): Promise<void> {
    probing ??= probe();
    try {
      await probing;
    } catch (error) {
      probing = undefined;
      throw error;
    }
  }
  /** Runs a write; what it throws is worded, and a staging folder that somebody removed is made anew by the next. */
  async function writing<T>(site: OperationSite, work: () => Promise<T>): Promise<T> {
    try {
      await prepareToWrite();
      return await work();
    } catch (error) {
      if (isMortiseError(error) || codeOf(error) === undefined) throw error;
      probing = undefined;
      if (codeOf(error) !== "ENOENT") throw systemError(site, error);
      throw storeError(site, "unavailable", "a folder of the store vanished while it was written (ENOENT)", {
        cause: error,
        hint: "look whether the store is still mounted and whether somebody removed its folders, then try again",
      });
    }
  }
  async function commitStaged(
    site: OperationSite,
    staged: Staged,
    path: string,
    call: Parameters<MinimalStore["put"]>[2],
  ): Promise<void> {
    try {
      await commit.place(site, staged.path, staged.stat, path, call?.mode ?? "overwrite", call?.signal);
    } catch (error) {
      await staging.discard(staged);
      throw error;
    }
  }

  const store: MinimalStore = {
    protocol: "file",
    baseUrl: toUrl(root).replace(/\/$/, ""),
    get capabilities() {
      return capabilitiesOf(traits.hardLinks, traits.caseSensitive, durability === "full");
    },
    async put(key, body, call = {}) {
      const site = at("put", key);
      const path = layout.pathOf(site, key);
      return await writing(site, async () => {
        const staged = await staging.write(body, call.signal);
        await commitStaged(site, staged, path, call);
        return { size: Number(staged.stat.size), etag: etagOf(staged.stat), checksums: {} };
      });
    },
    get: (key, call = {}) => get(at("get", key), key, call),
    head: (key) => headObject(layout, containment, at("head", key), key),
    list: (call = {}) => listObjects(layout, at("list"), call),
    async delete(key, call = {}) {
      const site = at("delete", key);
      const path = layout.pathOf(site, key);
      const parts = { layout, containment, directories, staging, traits: () => traits };
      try {
        return await removeObject(parts, site, path, call, prepareToWrite);
      } catch (error) {
        throw systemError(site, error);
      }
    },
    async copy(from, to, call = {}) {
      const site = at("copy", from);
      const [source, target] = [layout.pathOf(site, from), layout.pathOf(site, to)];
      await headObject(layout, containment, site, from);
      return await writing(site, async () => {
        const staged = await staging.copy(source);
        await commitStaged(site, staged, target, call);
        return { size: Number(staged.stat.size), etag: etagOf(staged.stat), checksums: {} };
      });
    },
    async move(from, to, call = {}) {
      const site = at("move", from);
      const [source, target] = [layout.pathOf(site, from), layout.pathOf(site, to)];
      await headObject(layout, containment, site, from);
      return await writing(site, () => moveObject({ commit, directories }, site, source, target, call));
    },
    ...(durability === "full"
      ? { ensureDurable: (key) => makeDurable({ layout, containment, directories }, at("ensureDurable", key), key) }
      : {}),
    close: () => Promise.resolve(),
    async [Symbol.asyncDispose]() {},
  };
  await readStoreIdentity(store, options.storeName);
  return completeStore(store, options);
}

const modes: StoreCapabilities["putModes"] = new Set(["create", "ifMatch"]);
const modesWithoutLinks: StoreCapabilities["putModes"] = new Set(["ifMatch"]);

function capabilitiesOf(hardLinks: boolean, caseSensitive: boolean, durable: boolean): StoreCapabilities {
  return {
    putModes: hardLinks ? modes : modesWithoutLinks,
    conditionalDelete: true,
    checksums: new Set(),
    ranges: true,
    presign: new Set(),
    serverSideCopy: true,
    atomicMove: true,
    versions: false,
    metadata: false,
    bulkDelete: 1,
    caseSensitive,
    durableOnReturn: durable,
    maxKeyBytes,
  };
}
