// What the writer, the condemning actor and the check agree on: where things are, and which contents are shared.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { blobCodec } from "@mortise/codec-blob";
import { objectCodec } from "@mortise/codec-object";
import { sqlite } from "@mortise/db-sqlite";
import type { Project } from "@mortise/schema";
import { fileStore } from "@mortise/store-file";
import { s3Store } from "@mortise/store-s3";
import { settleIntents } from "../../packages/schema/src/objects/settle.ts";
import { openProjectWith } from "../../packages/schema/src/project/open-project.ts";

export const schemaName = "crash";

/** How long an intent protects its path in these tests: the pauses of the script are longer. */
export const leaseMs = 250;

export const definition = `
  id : int64
  ---
  shared : <blob@>
  own    : <blob@>
  file   : <object@>
` as const;

/** How long a move keeps writers waiting: a delete must be done before it is over, however busy the machine is. */
export const fenceMs = 1_000;

/** Contents that many rows share, so that a crash hits content which others rely on. */
export function sharedContent(index: number): Uint8Array {
  return new Uint8Array(4_000).fill(index % 8);
}

export interface OpenOptions {
  /** W3 as it must not be: rows are committed whether or not their intents are still there. */
  readonly unchecked?: boolean | undefined;
}

/** The real project on the real store and database; only times are shorter, and W3 weaker where asked. */
export async function openScene(folder: string, options: OpenOptions = {}): Promise<Project<unknown>> {
  return await openProjectWith(
    { directory: folder, plugins: [fileStore, s3Store, sqlite, blobCodec, objectCodec] },
    {
      times: { leaseMs, fenceMs },
      ...(options.unchecked === true
        ? {
            settle: async (session, ledger, unit) => {
              await settleIntents(session, ledger, unit).catch(() => undefined);
            },
          }
        : {}),
    },
  );
}

/** The file itself, beside the product: what the check sees must not depend on the code under test. */
export function openDatabase(folder: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, ".mortise", "database.sqlite"));
  database.exec("PRAGMA busy_timeout = 10000");
  return database;
}

/** Paths of all objects in the folder of a store. Writers remove folders meanwhile: then it looks again. */
export function storedObjects(root: string): readonly string[] {
  return ["_hash", "_schema"].flatMap((section) => {
    for (let round = 0; round < 20; round++) {
      try {
        return readdirSync(join(root, section), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
    return [];
  });
}
