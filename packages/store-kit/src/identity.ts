/** The store's name for itself, `_mortise/store.json`: references are matched by it, not by what a configuration calls the store. */
import type { MinimalStore, ObjectKey } from "@mortise/core";
import { isStoreError, parseKey } from "@mortise/core";
import { storeError } from "./errors.ts";

/** Where the identity is. */
export const identityKey: ObjectKey = parseKey("_mortise/store.json");

/** The version of the layout below `_mortise/` that this release reads and writes. */
export const storeFormatVersion = 1;

export interface StoreIdentity {
  readonly formatVersion: number;
  /** A UUID, chosen at random by the first write. */
  readonly storeId: string;
}

type IdentityStore = Pick<MinimalStore, "get" | "put" | "capabilities" | "protocol">;

/**
 * The identity, or undefined if nothing has been written yet. Throws `invalid-config` if the store was written by a
 * newer release, or if its file can't be read as an identity: guessing could delete what another release relies on.
 */
export async function readStoreIdentity(
  store: IdentityStore,
  name: string = store.protocol,
): Promise<StoreIdentity | undefined> {
  try {
    const result = await store.get(identityKey);
    return parseIdentity(name, new TextDecoder().decode(await result.bytes()));
  } catch (error) {
    if (isStoreError(error, "not-found")) return undefined;
    throw error;
  }
}

/** The identity; creates it if absent. Of several writers that do so at once one wins, and all answer its identity. */
export async function ensureStoreIdentity(store: IdentityStore, name: string = store.protocol): Promise<StoreIdentity> {
  const present = await readStoreIdentity(store, name);
  if (present !== undefined) return present;
  const created: StoreIdentity = { formatVersion: storeFormatVersion, storeId: crypto.randomUUID() };
  const mode = store.capabilities.putModes.has("create") ? "create" : "overwrite";
  try {
    await store.put(identityKey, new TextEncoder().encode(`${JSON.stringify(created)}\n`), { mode });
  } catch (error) {
    if (!isStoreError(error, "already-exists")) throw error;
  }
  // Read back even after our own success: without `create` another writer may have been last.
  return (await readStoreIdentity(store, name)) ?? created;
}

function parseIdentity(name: string, text: string): StoreIdentity {
  const site = { operation: "open", store: name, key: identityKey };
  let value: Partial<StoreIdentity> | null;
  try {
    value = JSON.parse(text) as Partial<StoreIdentity> | null;
  } catch (cause) {
    throw storeError(site, "invalid-config", "it is not JSON", {
      cause,
      hint: "restore the file from a backup of the store",
    });
  }
  const { formatVersion, storeId } = value ?? {};
  if (
    typeof formatVersion !== "number" ||
    !Number.isInteger(formatVersion) ||
    typeof storeId !== "string" ||
    storeId === ""
  ) {
    throw storeError(site, "invalid-config", "it lacks a whole number `formatVersion` or a text `storeId`", {
      hint: "restore the file from a backup of the store",
    });
  }
  if (formatVersion > storeFormatVersion) {
    throw storeError(
      site,
      "invalid-config",
      `the store has format ${formatVersion}, this release knows up to ${storeFormatVersion}`,
      {
        hint: "install a newer release of Mortise",
      },
    );
  }
  return { formatVersion, storeId };
}
