import { type Bytes, ConfigError, isStoreError, type ObjectStore, parseKey } from "@mortise/core";
import type { Session } from "@mortise/sql";
import { flushedPool, inLedger, type ProtocolEnvironment } from "./environment.ts";
import type { StoreAccess } from "./store-access.ts";

/** The transaction in which a claim is made, where the ledger has to be prepared on its connection. */
export interface ClaimScope {
  readonly session: Session;
  readonly afterCommit: (() => Promise<void>)[];
}

/** Says once per store and schema whose objects they are. Two databases in one section would collect each other's. */
export interface Claims {
  /** Before the first objects of `schema` go to `stores`. Throws `ConfigError` `foreign-owner`; nothing is written then. */
  ensure(schema: string, stores: ReadonlySet<string>, scope?: ClaimScope): Promise<void>;
}

export function createClaims(environment: ProtocolEnvironment, stores: StoreAccess): Claims {
  const { ledger } = environment.database;
  const prepared = new Map<string, string>();
  const claimed = new Set<string>();

  async function databaseId(schema: string, scope: ClaimScope | undefined): Promise<string> {
    const known = prepared.get(schema);
    if (known !== undefined) return known;
    if (scope !== undefined && ledger.lockIsIntent) return await ledger.prepare(scope.session, schema);
    const id = await inLedger(environment, flushedPool(environment), (session) => ledger.prepare(session, schema));
    prepared.set(schema, id);
    return id;
  }

  async function claim(name: string, schema: string, id: string, scope: ClaimScope | undefined): Promise<void> {
    const { store } = await stores.open(name);
    const owner = await readOwner(store, name, schema);
    if (owner !== undefined && owner !== id) throw foreignOwner(name, schema, owner, id);
    const finish = async (): Promise<void> => {
      if (owner === undefined) await writeOwner(store, name, schema, id);
      claimed.add(`${name}\0${schema}`);
    };
    // An id that a rollback would undo must not be left in the store: every later write would be refused.
    if (prepared.has(schema)) await finish();
    else scope?.afterCommit.push(finish);
  }

  return {
    async ensure(schema, names, scope) {
      const open = [...names].filter((name) => !claimed.has(`${name}\0${schema}`));
      if (open.length === 0) return;
      const id = await databaseId(schema, scope);
      for (const name of open) await claim(name, schema, id, scope);
    },
  };
}

async function readOwner(store: ObjectStore, name: string, schema: string): Promise<string | undefined> {
  const key = ownerKey(schema);
  try {
    await using found = await store.get(key);
    const value = JSON.parse(new TextDecoder().decode(await found.bytes())) as { readonly databaseId?: unknown };
    if (typeof value.databaseId === "string") return value.databaseId;
  } catch (error) {
    if (isStoreError(error, "not-found")) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ConfigError(
    "foreign-owner",
    `${key} in store "${name}" does not say which database the schema belongs to`,
    {
      hint: "restore it from a backup of the store, or delete it if no other database uses this store",
    },
  );
}

async function writeOwner(store: ObjectStore, name: string, schema: string, id: string): Promise<void> {
  await createOnce(store, "_mortise/store.json", { formatVersion: 1, storeId: crypto.randomUUID() });
  await createOnce(store, ownerKey(schema), { formatVersion: 1, schema, databaseId: id });
  // Of two databases that claim at once one has won; only what is there now counts.
  const owner = await readOwner(store, name, schema);
  if (owner !== id) throw foreignOwner(name, schema, owner ?? "", id);
}

async function createOnce(store: ObjectStore, path: string, value: object): Promise<void> {
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

function ownerKey(schema: string): ReturnType<typeof parseKey> {
  return parseKey(`_mortise/owners/${schema}.json`);
}

function foreignOwner(store: string, schema: string, owner: string, id: string): ConfigError {
  return new ConfigError(
    "foreign-owner",
    `store "${store}" holds schema "${schema}" of another database (${owner}); this database is ${id}`,
    {
      hint: `use another store or schema name; only if that database is gone for good, delete _mortise/owners/${schema}.json`,
    },
  );
}
