import type { ObjectKey, ObjectStore } from "@mortise/core";
import { type Database, type DatabaseRow, pathHash } from "@mortise/sql";
import { type RawBuilder, sql } from "@mortise/sql/kysely";
import { createMemoryStore } from "@mortise/store-testkit";
import { onBackend } from "../../test/database/provided.ts";
import { openTestProject, type TestOptions, type TestProject } from "../project/testing.ts";

/** A project whose main store is in memory and calls back, and a collector's connection to its ledger. */
export interface ProtocolLab extends AsyncDisposable {
  readonly test: TestProject;
  readonly store: ObjectStore;
  /** The same without the calls: what somebody else does. */
  readonly inner: ObjectStore;
  /** Called before each `put` of an object; Mortise's own files are not reported. */
  beforePut: (key: ObjectKey) => Promise<void>;
  /** Called after each `put` of an object. */
  afterPut: (key: ObjectKey) => Promise<void>;
  readonly collector: Database;
  intents(): Promise<readonly DatabaseRow[]>;
  ledger(): Promise<readonly DatabaseRow[]>;
  /** Puts a judgement into the ledger; `age` in milliseconds. */
  judge(path: string, state: string, options?: { readonly mustUpload?: boolean; readonly age?: number }): Promise<void>;
  /** What a collector does to intents whose lease has run out. */
  breakIntents(): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

export async function openProtocolLab(options: TestOptions = {}): Promise<ProtocolLab> {
  const inner = createMemoryStore();
  const lab: Pick<ProtocolLab, "beforePut" | "afterPut"> = { beforePut: nothing, afterPut: nothing };
  const store: ObjectStore = {
    ...inner,
    async put(key, body, putOptions) {
      if (key.startsWith("_mortise/")) return await inner.put(key, body, putOptions);
      await lab.beforePut(key);
      const result = await inner.put(key, body, putOptions);
      await lab.afterPut(key);
      return result;
    },
  };
  const test = await openTestProject({ ...options, stores: { main: store } });
  const collector = await test.database.open();
  const table = (name: string) => collector.dialect.table("lab", `~mortise_${name}`);
  return Object.assign(lab, {
    test,
    store,
    inner,
    collector,
    intents: async () => (await collector.execute(sql<DatabaseRow>`select * from ${table("intent")}`)).rows,
    ledger: async () => (await collector.execute(sql<DatabaseRow>`select * from ${table("ledger")}`)).rows,
    judge: async (path: string, state: string, given: { mustUpload?: boolean; age?: number } = {}) => {
      const hash = pathHash("main", path);
      await collector.execute(sql`delete from ${table("ledger")} where path_hash = ${hash}`);
      await collector.execute(sql`insert into ${table("ledger")}
        (path_hash, store, path, state, token, since, must_upload) values
        (${hash}, 'main', ${path}, ${state}, ${new Uint8Array(16)}, ${before(given.age ?? 0)},
         ${given.mustUpload === true ? 1 : 0} = 1)`);
    },
    breakIntents: async () => {
      await collector.execute(sql`update ${table("intent")} set broken = true`);
    },
    [Symbol.asyncDispose]: async () => {
      await collector.close();
      await test[Symbol.asyncDispose]();
    },
  });
}

/** The database's clock, milliseconds ago, as its ledger keeps it. */
function before(age: number): RawBuilder<unknown> {
  return onBackend({
    sqlite: sql`cast(unixepoch('subsec') * 1000 as integer) - ${age}`,
    mysql: sql`utc_timestamp(3) - interval ${age * 1000} microsecond`,
    postgresql: sql`clock_timestamp() - ${age}::float8 * interval '1 millisecond'`,
  });
}

/** Keys of a store, sorted, without Mortise's own. */
export async function keysOf(store: ObjectStore): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of store.list()) keys.push(...page.objects.map(({ key }) => key as string));
  return keys;
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** For `expect.poll` on a machine that is busy with other tests. */
export const patient: { readonly timeout: number } = { timeout: 15_000 };
