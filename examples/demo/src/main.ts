// The main job, end to end: tables whose columns live in object stores; real arrays, files and folders go in, come back
// and are compared. Ends with one line of JSON.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isMortiseError } from "@mortise/core";
import { load } from "./load.ts";
import { type DemoProject, open, type Places, writeConfiguration } from "./project.ts";
import { countObjects, tree } from "./show.ts";
import { generateSignals } from "./signals.ts";
import { readSources } from "./sources.ts";
import { openWhole } from "./stores.ts";
import { defineTables, type Tables } from "./tables.ts";
import { verify } from "./verify.ts";

async function showRefusal({ RigFile }: Tables): Promise<void> {
  try {
    await RigFile.insertOne({
      file_name: "stolen",
      attached: import.meta.filename,
      managed: "_hash/experiment/stolen",
    });
  } catch (error) {
    if (!isMortiseError(error)) throw error;
    console.log(`\nA file path in a reserved section is refused, and nothing is written:\n  ${error.toString()}`);
    return;
  }
  throw new Error("a file path in a reserved section was accepted");
}

async function showDeduplication({ Scan }: Tables): Promise<void> {
  const row = await Scan.fetchFirst();
  if (row === undefined) return;
  const again = await Scan.insertOne({
    recording_id: crypto.randomUUID(),
    raw_data: row.raw_data,
    zarr_scan: new TextEncoder().encode("the same raw_data, another scan"),
  });
  console.log(
    `\nThe same raw_data in a second row: ${again.deduplicated} object was there already, ${again.uploaded} uploaded.`,
  );
  await Scan.where({ recording_id: { ne: row.recording_id } }).delete();
}

/** Prints what lies in the two stores, and counts it. */
async function showStores(project: DemoProject): Promise<number> {
  let objects = 0;
  for (const name of ["main", "raw"]) {
    await using store = await openWhole(project, name);
    console.log(`\nstore "${name}", ${store.baseUrl}:\n${(await tree(store, "  ")).join("\n")}`);
    objects += await countObjects(store);
  }
  return objects;
}

/** Without any place, on SQLite and in two folders. */
export async function demo(args: readonly string[], places: Places = {}): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { data: { type: "string" }, keep: { type: "boolean" } } });
  const started = performance.now();
  const folder = await mkdtemp(join(tmpdir(), "mortise-demo-"));
  try {
    const data = values.data === undefined ? join(folder, "signals") : resolve(values.data);
    if (values.data === undefined) await generateSignals(data);
    const lab = join(folder, "lab");
    await mkdir(lab);
    await writeConfiguration(lab, places);

    await using project = await open(lab);
    const tables = defineTables(project);
    const loaded = await load(project, tables, await readSources(data));
    const verified = await verify(tables, loaded);
    const objects = await showStores(project);
    console.log("\nInserted:");
    for (const [table, summary] of Object.entries(loaded.summaries)) {
      console.log(
        `  ${table}: ${summary.inserted} rows, ${summary.uploaded} objects uploaded, ${summary.deduplicated} deduplicated`,
      );
    }
    await showDeduplication(tables);
    await showRefusal(tables);
    const seconds = Number(((performance.now() - started) / 1000).toFixed(2));
    if (values.keep === true) console.log(`\nkept: ${lab}`);
    const store = project.config.storeSpec().protocol;
    const { backend } = project.config.database;
    const { bytes, objects: equal } = verified;
    const result = { database: backend, store, rows: loaded.rows, objects, bytes, verified: equal, seconds };
    console.log(`\n${JSON.stringify(result)}`);
  } finally {
    if (values.keep !== true) await rm(folder, { recursive: true, force: true });
  }
}
