// What the writers and the check agree on.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { blobCodec } from "@mortise/codec-blob";
import { objectCodec } from "@mortise/codec-object";
import { createConfig } from "@mortise/core/config";
import { openProject, type Project } from "@mortise/schema";
import type { DatabasePlugin } from "@mortise/sql";
import { fileStore, openFileStore } from "@mortise/store-file";

export const schemaName = "load";

export const definition = `
  id : int64
  ---
  shared : <blob@>
  own    : <blob@>
  file   : <object@>
` as const;

/** Contents that every writer inserts again and again: always some are being written by several at once. */
export function hotContent(index: number): Uint8Array {
  return new Uint8Array(2_000).fill(index % 251).fill(index >> 8, 0, 1);
}

/** Where a process notes each object that its store created, one line per path. */
function createdLog(folder: string, pid: number): string {
  return join(folder, `created-${pid}.log`);
}

/** What a writer is told. */
export interface Assignment {
  readonly folder: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly backend: string;
  readonly writers: number;
  readonly seconds: number;
  /** The first of the ids that this process may use. */
  readonly firstId: number;
}

/** A project with connections of its own, on one folder of objects; its store counts what it creates. */
export async function openScene(
  { folder, settings }: Pick<Assignment, "folder" | "settings">,
  database: DatabasePlugin,
): Promise<Project<unknown>> {
  const store = await openFileStore({ location: join(folder, "main"), durability: "none" });
  const log = createdLog(folder, process.pid);
  const counting: typeof store = {
    ...store,
    async put(key, body, options) {
      const result = await store.put(key, body, options);
      appendFileSync(log, `${key}\n`);
      return result;
    },
  };
  const plugins = [fileStore, database, blobCodec, objectCodec];
  const options = {
    ...settings,
    stores: { default: "main", main: { protocol: "file", location: join(folder, "main") } },
  };
  const config = createConfig({ plugins, directory: folder, options });
  return await openProject({ plugins, config, stores: { main: counting } });
}
