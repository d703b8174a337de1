import type { ObjectRef } from "@mortise/object-ref";
import { expect } from "vitest";
import { openTestProject, type TestProject } from "../../../packages/schema/src/project/testing.ts";
import { createTestDatabase, type TestDatabase } from "../../../packages/schema/test/database/test-database.ts";
import { openRaw } from "../lab/raw-client.ts";
import { type Proxy, startProxy } from "./proxy.ts";

const definition = `
  id   : int32
  ---
  note : varchar(40)
  file : <object@>   # nobody else knows its path
  data : <blob@>     # shared by content
` as const;

/** A project that reaches its server through a proxy, and what is left when something went wrong on the way. */
export interface FaultLab extends AsyncDisposable {
  /** The database itself: what it opens does not pass the proxy. */
  place(): TestDatabase;
  readonly test: TestProject;
  readonly proxy: Proxy;
  readonly definition: typeof definition;
  /** Declared already. */
  readonly Scan: ReturnType<typeof scanTable>;
  ids(): Promise<readonly number[]>;
  /** Statements that sleep on the server. */
  sleepers(): Promise<number>;
  /** Intents in the ledger, of whatever writer. */
  intents(): Promise<number>;
  /**
   * Nothing dangles: every object that a row names is there and reads as what was written, and every object in the store
   * is named by a row or by an intent, so that a collector finds it. A crash of the server may lose intents, as it may by
   * the protocol: then objects that are shared by content are left to a collector's listing.
   */
  expectNothingDangling(options?: { readonly crashed: boolean }): Promise<void>;
}

/** A row whose objects follow from its id. */
export function scan(id: number, note = "") {
  return { id, note, file: bytesOf(`file ${id}`), data: bytesOf(`data ${id}`) };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text.repeat(20));
}

function scanTable(project: TestProject["project"]) {
  return project.schema("lab").manual("Scan", definition);
}

/** `given` says where another server than the project's own is now. */
export async function openFaultLab(given?: () => TestDatabase): Promise<FaultLab> {
  const made = given?.() ?? (await createTestDatabase());
  if (made.server === undefined) throw new Error("there is no server to lose");
  const place = given ?? (() => made);
  const proxy = await startProxy(made.server);
  const database = { ...(made.settings["database"] as object), host: proxy.host, port: proxy.port, use_tls: false };
  const through: TestDatabase = { ...made, settings: { ...made.settings, database } };
  const test = await openTestProject({ database: through });
  const Scan = scanTable(test.project);
  await Scan.heading();

  const query = async (text: string) => {
    await using raw = await openRaw(place());
    return await raw.query(text);
  };
  const rows = (name: string) =>
    query(`select * from ${made.server?.backend === "mysql" ? `\`lab\`.\`${name}\`` : `"lab"."${name}"`}`);
  return {
    place,
    test,
    proxy,
    definition,
    Scan,
    ids: async () => (await rows("scan")).map((row) => Number(row["id"])).sort((a, b) => a - b),
    async sleepers() {
      if (made.server?.backend === "mysql") {
        return (await query("show processlist")).filter(({ Info }) => String(Info).startsWith("select sleep(20)"))
          .length;
      }
      const running = "select 1 from pg_stat_activity where query like 'select pg_sleep(20)%' and state = 'active'";
      return (await query(running)).length;
    },
    intents: async () => (await rows("~mortise_intent")).length,
    async expectNothingDangling({ crashed } = { crashed: false }) {
      const named = new Set((await rows("scan")).flatMap((row) => pathsIn([row["file"], row["data"]])));
      for (const row of await scanTable(await test.again({}, { database: place() })).fetch()) {
        const file = await (row.file as ObjectRef).read();
        expect([row.id, Buffer.from(file), Buffer.from(row.data as Uint8Array)]).toEqual([
          row.id,
          Buffer.from(scan(row.id).file),
          Buffer.from(scan(row.id).data),
        ]);
      }
      const promised = new Set((await rows("~mortise_intent")).map((row) => String(row["path"])));
      const objects = await test.objects();
      const left = objects.filter((path) => !named.has(path) && !promised.has(path));
      expect(left.filter((path) => !crashed || !path.startsWith("_hash/"))).toEqual([]);
      expect([...named].filter((path) => !objects.includes(path))).toEqual([]);
    },
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      if (given === undefined) await made[Symbol.asyncDispose]();
    },
  };
}

/** The paths of references, which clients deliver as text or parsed. */
function pathsIn(values: readonly unknown[]): readonly string[] {
  return values.flatMap((value) => {
    const parsed = (typeof value === "string" ? JSON.parse(value) : value) as { readonly path: string };
    return [parsed.path];
  });
}
