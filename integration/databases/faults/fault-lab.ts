import { expect } from "vitest";
import { openTestProject, type TestProject } from "../../../packages/schema/src/project/testing.ts";
import { createTestDatabase, type TestDatabase } from "../../../packages/schema/test/database/test-database.ts";
import { openRaw, type RawClient } from "../lab/raw-client.ts";
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
  readonly test: TestProject;
  readonly proxy: Proxy;
  readonly raw: RawClient;
  /** Declared already. */
  readonly Scan: ReturnType<typeof scanTable>;
  ids(): Promise<readonly number[]>;
  /** Intents in the ledger, of whatever writer. */
  intents(): Promise<number>;
  /**
   * Nothing dangles: every object that a row names is there and reads as what was written, and every object in the store
   * is named by a row or by an intent, so that a collector finds it.
   */
  expectNothingDangling(): Promise<void>;
}

/** A row whose objects follow from its id. */
export function scan(id: number, note = "") {
  return { id, note, file: bytesOf(`file ${id}`), data: bytesOf(`data ${id}`) };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text.repeat(20));
}

function scanTable(project: TestProject["project"]) {
  return project.schema("lab").manual("Scan", definition as string);
}

/** `place` is another server's than the project's own, if it is given. */
export async function openFaultLab(given?: TestDatabase): Promise<FaultLab> {
  const place = given ?? (await createTestDatabase());
  if (place.server === undefined) throw new Error("there is no server to lose");
  const proxy = await startProxy(place.server);
  const database = { ...(place.settings["database"] as object), host: proxy.host, port: proxy.port, use_tls: false };
  const through: TestDatabase = { ...place, settings: { ...place.settings, database } };
  const test = await openTestProject({ database: through });
  const Scan = scanTable(test.project);
  await Scan.heading();
  const raw = await openRaw(place);
  const direct = await test.again({}, { database: place });
  const DirectScan = scanTable(direct);

  const textOf = (name: string): string =>
    place.server?.backend === "mysql" ? `\`lab\`.\`${name}\`` : `"lab"."${name}"`;
  const rows = (name: string) => raw.query(`select * from ${textOf(name)}`);
  const paths = (text: string) => [...text.matchAll(/\\?"path\\?": ?\\?"([^"\\]+)/g)].map(([, path]) => path ?? "");

  return {
    test,
    proxy,
    raw,
    Scan,
    ids: async () => (await rows("scan")).map((row) => Number(row["id"])).sort((a, b) => a - b),
    intents: async () => (await rows("~mortise_intent")).length,
    async expectNothingDangling() {
      const stored = await rows("scan");
      const named = new Set(stored.flatMap((row) => paths(JSON.stringify([row["file"], row["data"]]))));
      for (const row of await DirectScan.fetch()) {
        const { id, file, data } = row as ReturnType<typeof scan> & { file: { read(): Promise<Uint8Array> } };
        expect(Buffer.from(await file.read())).toEqual(Buffer.from(scan(id).file));
        expect(Buffer.from(data)).toEqual(Buffer.from(scan(id).data));
      }
      const promised = new Set((await rows("~mortise_intent")).map((row) => String(row["path"])));
      const objects = await test.objects();
      expect(objects.filter((path) => !named.has(path) && !promised.has(path))).toEqual([]);
      expect([...named].filter((path) => !objects.includes(path))).toEqual([]);
    },
    async [Symbol.asyncDispose]() {
      await raw[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      if (given === undefined) await place[Symbol.asyncDispose]();
    },
  };
}
