// Inserts what was found: arrays as files and as blobs, Zarr folders, and other files.
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import type { NDArray } from "@mortise/array";
import { parseKey } from "@mortise/core";
import type { InsertSummary, NewRow } from "@mortise/schema";
import { readNpy } from "./npy.ts";
import { progressBar } from "./progress.ts";
import type { DemoProject } from "./project.ts";
import type { Sources } from "./sources.ts";
import type { Tables } from "./tables.ts";

export interface Loaded {
  readonly rows: number;
  readonly traces: readonly {
    readonly key: SessionKey & { readonly trace_name: string };
    readonly path: string;
    readonly array: NDArray;
  }[];
  readonly scans: readonly {
    readonly recording: SessionKey & { readonly recording_id: string };
    readonly folder: string;
    readonly array: NDArray;
  }[];
  readonly files: readonly { readonly name: string; readonly path: string }[];
  readonly summaries: Readonly<Record<string, InsertSummary>>;
}

interface SessionKey {
  readonly subject_id: string;
  readonly session_date: string;
}

/** Subject 042 on 15 January 2024, then one subject and one day on for each folder. */
function sessionKey(index: number): SessionKey {
  const day = new Date(Date.UTC(2024, 0, 15 + index));
  return { subject_id: String(42 + index).padStart(3, "0"), session_date: day.toISOString().slice(0, 10) };
}

export async function load(project: DemoProject, tables: Tables, sources: Sources): Promise<Loaded> {
  const { Session, Recording, Scan, Trace, RigFile } = tables;
  const groups = [...new Set(sources.arrays.map((array) => array.group))];
  const keys = new Map(groups.map((group, index) => [group, sessionKey(index)]));
  const keyOf = (group: string): SessionKey => keys.get(group) ?? sessionKey(0);

  const traces = await Promise.all(
    sources.arrays.map(async ({ path, name, group }) => ({
      key: { ...keyOf(group), trace_name: name },
      path,
      array: readNpy(await readFile(path)),
    })),
  );
  const first = traces[0]?.array;
  if (first === undefined) throw new Error("the data folder has no .npy file");
  const scans = sources.zarrFolders.map((folder) => ({
    recording: { ...sessionKey(0), recording_id: randomUUID() },
    folder,
    array: first,
  }));

  const bar = progressBar("uploading");
  const options = { onProgress: bar.report };
  const summaries: Record<string, InsertSummary> = {};
  const sessions = new Map([sessionKey(0), ...keys.values()].map((key) => [key.subject_id, key]));
  summaries["Session"] = await Session.insert([...sessions.values()], options);
  summaries["Trace"] = await Trace.insert(
    traces.map(({ key, path, array }): NewRow<typeof Trace> => ({ ...key, npy_file: path, samples: array })),
    options,
  );
  summaries["Recording"] = await Recording.insert(
    scans.map(({ recording, folder, array }) => ({ ...recording, raw_data: array, zarr_scan: folder })),
    options,
  );
  summaries["Scan"] = await Scan.insert(
    scans.map(({ recording, folder, array }) => ({
      recording_id: recording.recording_id,
      raw_data: array,
      zarr_scan: folder,
    })),
    options,
  );
  const store = await project.store("main");
  for (const { name, path } of sources.files) {
    await store.put(parseKey(`rig/${name}`), createReadStream(path));
  }
  summaries["RigFile"] = await RigFile.insert(
    sources.files.map(({ name, path }) => ({ file_name: name, attached: path, managed: `rig/${name}` })),
    options,
  );
  bar.done();
  const rows = Object.values(summaries).reduce((sum, { inserted }) => sum + inserted, 0);
  return { rows, traces, scans, files: sources.files, summaries };
}
