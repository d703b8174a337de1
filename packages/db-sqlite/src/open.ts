import type { Database } from "@mortise/sql";
import { defaultWaitMs } from "@mortise/sql/driver";
import { prepareFile } from "./connection/open-file.ts";
import { SqliteDatabase } from "./database.ts";
import { translate } from "./errors.ts";
import type { SqliteOptions } from "./options.ts";

/** Opens a file by its absolute path. Behind a dynamic import: everything below loads Kysely. */
export async function openFile(file: string, options: SqliteOptions): Promise<Database> {
  const timeoutMs = options.waitMs ?? defaultWaitMs;
  try {
    await prepareFile(file, { signal: options.signal, timeoutMs });
    return new SqliteDatabase(file, timeoutMs);
  } catch (error) {
    throw translate(error);
  }
}
