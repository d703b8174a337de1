import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blobCodec } from "@mortise/codec-blob";
import { filepathCodec } from "@mortise/codec-filepath";
import { objectCodec } from "@mortise/codec-object";
import type { Config, Logger, ObjectStore, Plugin } from "@mortise/core";
import { createConfig } from "@mortise/core/config";
import { fileStore } from "@mortise/store-file";
import { createTestDatabase, type TestDatabase } from "../../test/database/test-database.ts";
import type { Project } from "../types/index.ts";
import type { ProtocolOverrides } from "./internals.ts";
import { openProjectWith } from "./open-project.ts";

/** A warning as the logger was told. */
export interface Warning {
  readonly event: string;
  readonly fields: unknown;
}

/** A project on a real database and real file stores, all removed on disposal. */
export interface TestProject extends AsyncDisposable {
  readonly project: Project<unknown>;
  readonly folder: string;
  readonly database: TestDatabase;
  readonly config: Config;
  readonly warnings: readonly Warning[];
  /** Another project on the same database and files, as another process would open it. Closed with this one. */
  again(overrides?: ProtocolOverrides, options?: TestOptions): Promise<Project<unknown>>;
  /** Paths of the objects in a store, without Mortise's own files, sorted. */
  objects(store?: string): Promise<readonly string[]>;
}

export interface TestOptions {
  /** Settings of stores `main` and `raw` besides protocol and location. */
  readonly main?: Readonly<Record<string, unknown>> | undefined;
  readonly raw?: Readonly<Record<string, unknown>> | undefined;
  readonly plugins?: readonly Plugin[] | undefined;
  readonly stores?: Readonly<Record<string, ObjectStore>> | undefined;
  /** Another database than the project's own; whoever made it disposes it. */
  readonly database?: TestDatabase | undefined;
  readonly overrides?: ProtocolOverrides | undefined;
}

export async function openTestProject(options: TestOptions = {}): Promise<TestProject> {
  const folder = await mkdtemp(join(tmpdir(), "mortise-project-"));
  const database = options.database ?? (await createTestDatabase());
  const warnings: Warning[] = [];
  const logger: Logger = { debug: () => undefined, warn: (event, fields) => warnings.push({ event, fields }) };
  const open: Project<unknown>[] = [];
  for (const name of ["main", "raw"]) await mkdir(join(folder, name));

  const start = async (overrides: ProtocolOverrides, given: TestOptions): Promise<Project<unknown>> => {
    const place = given.database ?? database;
    const plugins = [fileStore, place.plugin, blobCodec, objectCodec, filepathCodec, ...(given.plugins ?? [])];
    const project = await openProjectWith(
      { plugins, config: configOf(folder, plugins, place, given), logger, stores: given.stores },
      overrides,
    );
    open.push(project);
    return project;
  };
  const project = await start(options.overrides ?? {}, options);
  return {
    project,
    folder,
    database,
    config: project.config,
    warnings,
    again: (overrides = {}, given = options) => start(overrides, given),
    objects: (store = "main") => objectsBelow(join(folder, store)),
    async [Symbol.asyncDispose]() {
      for (const each of open) await each.close();
      if (options.database === undefined) await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function configOf(folder: string, plugins: readonly Plugin[], place: TestDatabase, options: TestOptions): Config {
  return createConfig({
    plugins,
    directory: folder,
    options: {
      stores: {
        default: "main",
        main: { protocol: "file", location: join(folder, "main"), ...options.main },
        raw: { protocol: "file", location: join(folder, "raw"), ...options.raw },
      },
      ...place.settings,
    },
  });
}

async function objectsBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith("_mortise/"))
    .sort();
}
