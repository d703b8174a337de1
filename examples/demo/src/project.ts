// A configuration file with two stores and perhaps a database server, and the project that opens on it.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { attachCodec } from "@mortise/codec-attach";
import { blobCodec } from "@mortise/codec-blob";
import { filepathCodec } from "@mortise/codec-filepath";
import { objectCodec } from "@mortise/codec-object";
import { mysql } from "@mortise/db-mysql";
import { postgres } from "@mortise/db-postgres";
import { sqlite } from "@mortise/db-sqlite";
import { openProject } from "@mortise/schema";
import { storePlugins } from "./stores.ts";

const plugins = [...storePlugins, sqlite, postgres, mysql, blobCodec, objectCodec, attachCodec, filepathCodec] as const;

export const open = async (folder: string) => await openProject({ directory: folder, plugins });
export type DemoProject = Awaited<ReturnType<typeof open>>;

/** A bucket or container of a server, in the words of `datajoint.json`. */
export interface Bucket {
  readonly shared: Readonly<Record<string, string | boolean>>;
  /** What DataJoint for Python does not know: it stands in the `mortise` block. */
  readonly ours: Readonly<Record<string, string | boolean>>;
  /** What belongs into `.secrets/`, never into the file. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A database server, in the words of `datajoint.json`. */
export interface DatabaseServer {
  readonly backend: "mysql" | "postgresql";
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** Where the demo runs: without a server on SQLite, without a bucket in two folders. */
export interface Places {
  readonly bucket?: Bucket | undefined;
  readonly database?: DatabaseServer | undefined;
}

/** Writes `datajoint.json` as a lab would: a default store, and one for raw data with its own layout. */
export async function writeConfiguration(folder: string, { bucket, database }: Places): Promise<void> {
  const { shared = { protocol: "file" }, ours = {}, secrets = {} } = bucket ?? {};
  const location = (name: string): string => (bucket === undefined ? join(folder, name) : `demo/${name}`);
  const names = ["main", "raw"] as const;
  const stores = {
    default: "main",
    main: { ...shared, location: location("main") },
    raw: {
      ...shared,
      location: location("raw"),
      subfolding: [2, 2],
      partition_pattern: "subject_id/session_date",
    },
  };
  const mortise = { stores: Object.fromEntries(names.map((name) => [name, ours])) };
  const settings = {
    stores,
    download_path: join(folder, "downloads"),
    ...(bucket === undefined ? {} : { mortise }),
    ...(database === undefined ? {} : { database: addressOf(database) }),
  };
  await writeFile(join(folder, "datajoint.json"), `${JSON.stringify(settings, null, 2)}\n`);
  if (bucket === undefined) await Promise.all(names.map((name) => mkdir(join(folder, name), { recursive: true })));
  await mkdir(join(folder, ".secrets"), { mode: 0o700 });
  const keep = (name: string, secret: string): Promise<void> =>
    writeFile(join(folder, ".secrets", name), secret, { mode: 0o600 });
  for (const name of names) {
    for (const [key, secret] of Object.entries(secrets)) await keep(`stores.${name}.${key}`, secret);
  }
  if (database !== undefined) await keep("database.password", database.password);
}

/** A server on this machine: nobody can listen on the way, so it needs no certificate. */
function addressOf({ backend, host, port, user }: DatabaseServer): Readonly<Record<string, string | number | boolean>> {
  return { backend, host, port, user, use_tls: false };
}
