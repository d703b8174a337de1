import type { Bytes } from "../bytes.ts";
import { ConfigError, isStoreError } from "../errors.ts";
import { parseKey } from "../keys/parse-key.ts";
import type { ObjectStore } from "./contract.ts";

/** What reading and writing the markers needs of a store. */
export interface ClaimableStore extends Pick<ObjectStore, "get" | "head" | "put" | "prepare" | "baseUrl"> {
  readonly capabilities: Pick<ObjectStore["capabilities"], "putModes">;
}

/** One database's wish to keep the objects of a schema in a store. */
export interface StoreClaim {
  readonly store: ClaimableStore;
  /** What the configuration calls the store, for messages. */
  readonly name: string;
  readonly schema: string;
  readonly databaseId: string;
  /** The id of the store that has the schema's objects already; undefined before the first of them. */
  readonly storeId: string | undefined;
}

const identity = "_mortise/store.json";
const ownerPath = ({ schema }: StoreClaim): string => `_mortise/owners/${schema}.json`;

/**
 * Reads the markers of a store, and writes nothing. Answers with the store's id, undefined before the first write.
 * Throws `ConfigError`: `foreign-store` where the store is not the one that has the objects, `foreign-owner` where it
 * keeps the schema of another database.
 */
export async function checkStoreClaim(claim: StoreClaim): Promise<string | undefined> {
  const found = await readMarker(claim.store, identity, "storeId");
  if (found === "" || (claim.storeId !== undefined && found !== claim.storeId)) throw foreignStore(claim, found);
  const owner = await readMarker(claim.store, ownerPath(claim), "databaseId");
  if (owner !== undefined && owner !== claim.databaseId) throw foreignOwner(claim, owner);
  return found;
}

/** Checks as `checkStoreClaim` does, then writes the markers that are missing. Answers with the store's id. */
export async function makeStoreClaim(claim: StoreClaim): Promise<string> {
  await checkStoreClaim(claim);
  const { store, schema, databaseId } = claim;
  // From here on the capabilities are those of the server, not only the provider's.
  await store.prepare?.();
  await createOnce(store, identity, { formatVersion: 1, storeId: crypto.randomUUID() });
  await createOnce(store, ownerPath(claim), { formatVersion: 1, schema, databaseId });
  // Of two that claim at once one has won; only what is there now counts.
  return (await checkStoreClaim(claim)) ?? "";
}

/** A text of a marker; undefined where there is no marker, empty where it does not say. */
async function readMarker(store: ClaimableStore, path: string, member: string): Promise<string | undefined> {
  try {
    await using found = await store.get(parseKey(path));
    const value = JSON.parse(new TextDecoder().decode(await found.bytes())) as Readonly<Record<string, unknown>> | null;
    const text = value?.[member];
    return typeof text === "string" ? text : "";
  } catch (error) {
    if (isStoreError(error, "not-found")) return undefined;
    if (error instanceof SyntaxError) return "";
    throw error;
  }
}

async function createOnce(store: ClaimableStore, path: string, value: object): Promise<void> {
  const key = parseKey(path);
  try {
    await store.head(key);
    return;
  } catch (error) {
    if (!isStoreError(error, "not-found")) throw error;
  }
  const body: Bytes = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
  try {
    await store.put(key, body, { mode: store.capabilities.putModes.has("create") ? "create" : "overwrite" });
  } catch (error) {
    if (!isStoreError(error, "already-exists")) throw error;
  }
}

function foreignStore({ store, name, schema, storeId }: StoreClaim, found: string | undefined): ConfigError {
  const place = `store "${name}" at ${store.baseUrl}`;
  if (storeId === undefined) {
    return new ConfigError("foreign-store", `${identity} in ${place} names no store`, {
      hint: "restore it from a backup of the store",
    });
  }
  const is = found === undefined ? `has no ${identity}: it is empty, or not mounted` : `is another one (${found})`;
  return new ConfigError("foreign-store", `schema "${schema}" has objects in store ${storeId}, but ${place} ${is}`, {
    hint:
      "mount the store or correct its location; a store that is moved or restored whole keeps its id, and a new one " +
      `needs another name. Only if all objects are there, write {"formatVersion":1,"storeId":"${storeId}"} to that file`,
  });
}

function foreignOwner(claim: StoreClaim, owner: string): ConfigError {
  const { name, schema, databaseId } = claim;
  if (owner === "") {
    return new ConfigError(
      "foreign-owner",
      `${ownerPath(claim)} in store "${name}" does not say which database the schema belongs to`,
      { hint: "restore it from a backup of the store, or delete it if no other database uses this store" },
    );
  }
  return new ConfigError(
    "foreign-owner",
    `store "${name}" holds schema "${schema}" of another database (${owner}); this database is ${databaseId}`,
    {
      hint: `use another store or schema name; only if that database, or the schema it had there, is gone for good, delete ${ownerPath(claim)}`,
    },
  );
}
