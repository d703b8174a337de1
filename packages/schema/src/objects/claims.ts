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
  /** What a transaction will claim when it has committed. */
  const promised = new WeakMap<ClaimScope, Set<string>>();

  async function prepare(schema: string): Promise<string> {
    const known = prepared.get(schema);
    if (known !== undefined) return known;
    const id = await inLedger(environment, flushedPool(environment), (session) => ledger.prepare(session, schema));
    prepared.set(schema, id);
    return id;
  }

  async function check(name: string, schema: string, id: string): Promise<void> {
    const { store } = await stores.open(name);
    const owner = await readOwner(store, name, schema);
    if (owner !== undefined && owner !== id) throw foreignOwner(name, schema, owner, id);
  }

  /**
   * On the transaction's own connection a database id may be made that a rollback undoes. It must not be left in the
   * store, where it would refuse every later write: so there the store is only checked, and claimed after the commit.
   */
  async function promise(schema: string, names: readonly string[], scope: ClaimScope): Promise<void> {
    const id = await ledger.prepare(scope.session, schema);
    const known = promised.get(scope) ?? new Set();
    promised.set(scope, known);
    for (const name of names) {
      const key = `${name}\0${schema}`;
      if (known.has(key)) continue;
      await check(name, schema, id);
      known.add(key);
      scope.afterCommit.push(() => claims.ensure(schema, new Set([name])));
    }
  }

  const claims: Claims = {
    async ensure(schema, names, scope) {
      const open = [...names].filter((name) => !claimed.has(`${name}\0${schema}`));
      if (open.length === 0) return;
      if (scope !== undefined && ledger.lockIsIntent && !prepared.has(schema))
        return await promise(schema, open, scope);
      const id = await prepare(schema);
      for (const name of open) {
        await check(name, schema, id);
        await writeOwner((await stores.open(name)).store, name, schema, id);
        claimed.add(`${name}\0${schema}`);
      }
    },
  };
  return claims;
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
