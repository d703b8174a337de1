import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachCodec } from "@mortise/codec-attach";
import { blobCodec } from "@mortise/codec-blob";
import { filepathCodec } from "@mortise/codec-filepath";
import { objectCodec } from "@mortise/codec-object";
import { silentLogger } from "@mortise/core";
import { openProject, type Project } from "@mortise/schema";
import { fileStore } from "@mortise/store-file";
import { createTestDatabase, type TestDatabase } from "../../../packages/schema/test/database/test-database.ts";
import { codecs } from "../../../packages/schema/test/declare-lab.ts";
import { openRaw, type RawClient } from "./raw-client.ts";

/** A lab on the database under test: its configuration in a folder, a file store `main`, and the vendor's client. */
export interface DatabaseLab extends AsyncDisposable {
  readonly place: TestDatabase;
  readonly folder: string;
  /** The first program: closed with the lab. */
  readonly project: Project<unknown>;
  /** Another program on the same database and store, which knows nothing of the first; closed with the lab. */
  again(): Promise<Project<unknown>>;
  readonly raw: RawClient;
}

/** Opens it as users do, from `datajoint.json` and `.secrets/`. */
export async function openDatabaseLab(): Promise<DatabaseLab> {
  const place = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "mortise-database-lab-"));
  await writeSettings(folder, place);
  // Nobody has written <npy> yet; only its type matters here.
  const npy = codecs.filter(({ name }) => name === "npy");
  const plugins = [fileStore, place.plugin, blobCodec, objectCodec, attachCodec, filepathCodec, ...npy];
  const open: Project<unknown>[] = [];
  const again = async (): Promise<Project<unknown>> => {
    const project = (await openProject({ directory: folder, plugins, logger: silentLogger })) as Project<unknown>;
    open.push(project);
    return project;
  };
  const project = await again();
  const raw = await openRaw(place);
  return {
    place,
    folder,
    project,
    again,
    raw,
    async [Symbol.asyncDispose]() {
      for (const each of open) await each.close();
      await raw[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function writeSettings(folder: string, { settings }: TestDatabase): Promise<void> {
  await mkdir(join(folder, "main"));
  await mkdir(join(folder, ".secrets"), { mode: 0o700 });
  const { password, ...database } = (settings["database"] ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof password === "string") await writeFile(join(folder, ".secrets", "database.password"), password);
  const stores = { default: "main", main: { protocol: "file", location: join(folder, "main") } };
  const shared = Object.keys(database).length === 0 ? {} : { database };
  await writeFile(join(folder, "datajoint.json"), JSON.stringify({ stores, ...settings, ...shared }));
}
