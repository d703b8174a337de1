// What must hold after any crash, read from the database file and the store themselves.
import { createHash } from "node:crypto";
import type { SeenObjects } from "./objects.ts";
import { definition, openDatabase, openScene, schemaName, sharedContent } from "./scene.ts";

export interface Finding {
  readonly rows: number;
  /** Rows that refer to a missing or changed object: must be empty. */
  readonly broken: readonly string[];
  /** Objects without a row that no intent names: must be empty while no collector runs and all writers only insert. */
  readonly unnamed: readonly string[];
  /** Objects without a row. */
  readonly orphans: number;
}

interface Metadata {
  readonly path: string;
  readonly size: number;
  readonly hash?: string;
}

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** Written again here on purpose: the check must not share the product's own hash. */
function contentName(bytes: Uint8Array): string {
  const bits = [...createHash("md5").update(bytes).digest()].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

async function problemOf(objects: SeenObjects, { path, size, hash }: Metadata): Promise<string | undefined> {
  const bytes = await objects.read(path);
  if (bytes === undefined) return `${path} is missing`;
  if (bytes.byteLength !== size) return `${path} has ${bytes.byteLength} bytes, its row says ${size}`;
  return hash !== undefined && contentName(bytes) !== hash ? `${path} has other content than its name` : undefined;
}

export async function check(folder: string, objects: SeenObjects): Promise<Finding> {
  using database = openDatabase(folder);
  const rows = database
    .prepare(`select shared, own, file from "${schemaName}.item"`)
    .all() as unknown as readonly Record<"shared" | "own" | "file", string>[];
  const texts = new Set(rows.flatMap((row) => [row.shared, row.own, row.file]));
  const referred = [...texts].map((text) => JSON.parse(text) as Metadata);
  const problems = await Promise.all(referred.map((metadata) => problemOf(objects, metadata)));
  const broken = problems.filter((problem) => problem !== undefined);
  const live = new Set(referred.map(({ path }) => path));
  const named = new Set(
    (
      database.prepare(`select path from "${schemaName}.~mortise_intent"`).all() as unknown as readonly {
        readonly path: string;
      }[]
    ).map(({ path }) => path),
  );
  const orphans = (await objects.paths()).filter((path) => !live.has(path));
  return { rows: rows.length, broken, unnamed: orphans.filter((path) => !named.has(path)), orphans: orphans.length };
}

/** Another process inserts all the shared contents again and reads them back, through the product. */
export async function insertAgain(folder: string, id: bigint): Promise<number> {
  await using project = await openScene(folder);
  const Item = project.schema(schemaName).manual("Item", definition);
  const rows = Array.from({ length: 8 }, (_, index) => ({
    id: id + BigInt(index),
    shared: sharedContent(index),
    own: sharedContent(index + 3),
    file: sharedContent(index),
  }));
  await Item.insert(rows);
  let equal = 0;
  for await (const row of Item.where({ id: rows.map((given) => given.id) })) {
    const expected = sharedContent(Number(row.id - id));
    if (Buffer.compare(expected, row.shared as Uint8Array) === 0) equal++;
  }
  return equal;
}
