// One folder with a datajoint.json, opened by both languages: a database on a server and two stores in folders.
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachCodec } from "@mortise/codec-attach";
import { blobCodec } from "@mortise/codec-blob";
import { filepathCodec } from "@mortise/codec-filepath";
import { objectCodec } from "@mortise/codec-object";
import { mysql } from "@mortise/db-mysql";
import { postgres } from "@mortise/db-postgres";
import { openProject } from "@mortise/schema";
import { fileStore } from "@mortise/store-file";
import type { TestServer } from "../../../packages/schema/test/database/provided.ts";
import { type PythonWorker, startPython } from "../client/worker.ts";

export const plugins = [fileStore, mysql, postgres, blobCodec, objectCodec, attachCodec, filepathCodec] as const;

const openHere = async (directory: string) => await openProject({ directory, plugins });
export type LabProject = Awaited<ReturnType<typeof openHere>>;

/** Both languages on one configuration; schemas and folder are gone when it is disposed. */
export interface SharedLab extends AsyncDisposable {
  readonly server: TestServer;
  readonly folder: string;
  readonly project: LabProject;
  readonly python: PythonWorker;
  /** The interpreter, for a worker of a test's own. */
  readonly interpreter: string;
  /** The name of a schema that no other lab on the server has; dropped at the end. */
  readonly name: (schema: string) => string;
  readonly path: (...parts: readonly string[]) => string;
  /** Files in the store `main` below a section, Mortise's own root left out. */
  readonly objects: (section?: string) => Promise<readonly string[]>;
}

/** What both languages read. Bytes of blobs are those of Python, so that equal values are stored once. */
function configuration(server: TestServer, folder: string): object {
  const store = (name: string): object => ({ protocol: "file", location: join(folder, name) });
  const { backend, host, port } = server;
  // The container of PostgreSQL has no TLS, and may stand on another address than this machine's own.
  const plain = backend === "postgresql" ? { use_tls: false } : {};
  return {
    database: { backend, host, port, ...plain },
    stores: {
      default: "main",
      filepath_default: "main",
      main: store("main"),
      raw: { ...store("raw"), subfolding: [2] },
    },
    download_path: join(folder, "downloads"),
    safemode: false,
    mortise: { stores: { main: { blob_compression: "canonical" }, raw: { blob_compression: "canonical" } } },
  };
}

export async function createSharedLab(server: TestServer, interpreter: string): Promise<SharedLab> {
  const folder = await mkdtemp(join(tmpdir(), "mortise-python-"));
  for (const name of ["main", "raw", "downloads"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "datajoint.json"), JSON.stringify(configuration(server, folder), null, 2));
  await mkdir(join(folder, ".secrets"), { mode: 0o700 });
  const secrets = { "database.user": server.user, "database.password": server.password };
  for (const [name, value] of Object.entries(secrets)) {
    await writeFile(join(folder, ".secrets", name), value, { mode: 0o600 });
  }

  const prefix = `two_${Math.random().toString(36).slice(2, 8)}_`;
  const named = new Set<string>();
  const project = await openHere(folder);
  const python = startPython(interpreter, folder);

  return {
    server,
    folder,
    project,
    python,
    interpreter,
    name(schema) {
      const name = prefix + schema;
      named.add(name);
      return name;
    },
    path: (...parts) => join(folder, ...parts),
    async objects(section = "") {
      const entries = await readdir(join(folder, "main", section), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + "/main/".length))
        .filter((path) => !path.startsWith("_mortise/"))
        .sort();
    },
    async [Symbol.asyncDispose]() {
      await project.close();
      // Children were named after their parents.
      const drop = `
        existing = dj.list_schemas()
        for name in names:
            if name in existing:
                dj.conn().query(dj.conn().adapter.drop_schema_sql(name))
      `;
      try {
        await python.run(drop, { names: [...named].reverse() });
      } finally {
        await python[Symbol.asyncDispose]();
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
