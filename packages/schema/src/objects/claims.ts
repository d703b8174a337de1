import { checkStoreClaim, makeStoreClaim } from "@mortise/core";
import { keepStoreId, readStoreId, type Session } from "@mortise/sql";
import { flushedPool, inLedger, type ProtocolEnvironment } from "./environment.ts";
import type { StoreAccess } from "./store-access.ts";

/** The transaction in which a claim is made, where the ledger has to be prepared on its connection. */
export interface ClaimScope {
  readonly session: Session;
  readonly afterCommit: (() => Promise<void>)[];
}

/**
 * Says once per store and schema whose objects they are: two databases in one section would collect each other's. The
 * schema keeps the id of the store in turn, so that nothing goes to an empty mount point or to another store.
 */
export interface Claims {
  /**
   * Before the first objects of `schema` go to `stores`. Throws `ConfigError` `foreign-owner` or `foreign-store`;
   * nothing is written then.
   */
  ensure(schema: string, stores: ReadonlySet<string>, scope?: ClaimScope): Promise<void>;
}

/** One per project: what is claimed is remembered until it closes, so that only the first write of a schema asks. */
export function createClaims(environment: ProtocolEnvironment, stores: StoreAccess): Claims {
  const { ledger, dialect } = environment.database;
  const prepared = new Map<string, string>();
  const claimed = new Set<string>();
  /** What a transaction will claim when it has committed. */
  const promised = new WeakMap<ClaimScope, Set<string>>();

  async function prepare(schema: string): Promise<string> {
    const known = prepared.get(schema);
    if (known !== undefined) return known;
    const id = await inLedger(environment, flushedPool(environment), (session) => ledger.prepare(session, schema), {
      ddl: true,
    });
    prepared.set(schema, id);
    return id;
  }

  async function claim(schema: string, name: string): Promise<void> {
    const databaseId = await prepare(schema);
    const { store } = await stores.open(name);
    const inMeta = <T>(work: (place: Parameters<typeof readStoreId>[0]) => Promise<T>): Promise<T> =>
      inLedger(environment, flushedPool(environment), (executor) => work({ executor, dialect, schema, store: name }));
    const known = await inMeta(readStoreId);
    const found = await makeStoreClaim({ store, name, schema, databaseId, storeId: known });
    // Another process may have kept the id of another store since.
    const storeId = known ?? (await inMeta((place) => keepStoreId(place, found)));
    if (storeId !== found) await checkStoreClaim({ store, name, schema, databaseId, storeId });
  }

  /**
   * On the transaction's own connection a database id may be made that a rollback undoes. It must not be left in the
   * store, where it would refuse every later write: so there the store is only checked, and claimed after the commit.
   */
  async function promise(schema: string, names: readonly string[], scope: ClaimScope): Promise<void> {
    const databaseId = await ledger.prepare(scope.session, schema);
    const known = promised.get(scope) ?? new Set();
    promised.set(scope, known);
    for (const name of names) {
      const key = `${name}\0${schema}`;
      if (known.has(key)) continue;
      const storeId = await readStoreId({ executor: scope.session, dialect, schema, store: name });
      const wish = { store: (await stores.open(name)).store, name, schema, databaseId, storeId };
      // An id that was committed earlier may be written at once.
      await (prepared.has(schema) ? makeStoreClaim(wish) : checkStoreClaim(wish));
      known.add(key);
      scope.afterCommit.push(() => claims.ensure(schema, new Set([name])));
    }
  }

  const claims: Claims = {
    async ensure(schema, names, scope) {
      const open = [...names].filter((name) => !claimed.has(`${name}\0${schema}`));
      if (open.length === 0) return;
      // No second connection beside the one that holds the lock.
      if (scope !== undefined && ledger.lockIsIntent) return await promise(schema, open, scope);
      for (const name of open) {
        await claim(schema, name);
        claimed.add(`${name}\0${schema}`);
      }
    },
  };
  return claims;
}
