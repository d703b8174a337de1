import {
  type Config,
  ConfigError,
  checkOptions,
  createRegistry,
  defaultRegistry,
  type Logger,
  type ObjectStore,
  type Registry,
} from "@mortise/core";
import type { Database, DatabasePlugin } from "@mortise/sql";
import { createClaims } from "../objects/claims.ts";
import { createWriteEngine } from "../objects/engine.ts";
import { defaultTimes } from "../objects/environment.ts";
import { defaultRehashBytes } from "../objects/put-hashed.ts";
import { settleIntents } from "../objects/settle.ts";
import type { WriteEnvironment } from "../rows/operation.ts";
import { createCurrentTransaction } from "../transaction/current.ts";
import { runTransaction } from "../transaction/run.ts";
import type { OpenProject, Project, ProjectOptions, Schema } from "../types/index.ts";
import { bindToFrame } from "./bind.ts";
import { consoleLogger } from "./console-logger.ts";
import { createContext } from "./context.ts";
import type { ProjectInternals, ProtocolOverrides } from "./internals.ts";
import { lazily } from "./lazily.ts";
import { createSchema } from "./schema.ts";
import { createStores } from "./stores.ts";
import { createUserStore } from "./user-store.ts";

/**
 * Opens a project: reads the configuration and checks it. The database and the stores are opened at their first use.
 * Throws `ConfigError` with all problems of the configuration, `PluginError` for plugins that can't be used.
 *
 * @example
 * await using project = await openProject({ plugins: [fileStore, sqlite, blobCodec] });
 */
export const openProject: OpenProject = (options?: ProjectOptions) => openProjectWith(options ?? {}, {});

const projectOptions: readonly (keyof ProjectOptions)[] = [
  "plugins",
  "config",
  "directory",
  "settings",
  "stores",
  "discover",
  "rehashBytes",
  "logger",
];

/** The same with parts of the write protocol exchanged: for tests only, not exported by the package. */
export async function openProjectWith(
  options: ProjectOptions,
  overrides: ProtocolOverrides,
): Promise<Project<unknown>> {
  checkOptions("openProject", options, projectOptions);
  const logger = options.logger ?? consoleLogger;
  const registry = options.plugins === undefined ? defaultRegistry() : createRegistry(options.plugins);
  const config = await configOf(options, registry);
  for (const message of config.warnings) logger.warn("config.warning", { message });
  if (options.discover === true) await discover(config, registry);
  const rehashBytes = options.rehashBytes ?? defaultRehashBytes;
  if (!(rehashBytes >= 0))
    throw new ConfigError("invalid-config", `rehashBytes is ${rehashBytes}, not a number of bytes`);
  return createProject({ config, registry, logger, rehashBytes, instances: options.stores ?? {}, overrides });
}

/** A configuration that is given is used as it is; only without one are files and the environment read. */
async function configOf(options: ProjectOptions, registry: Registry): Promise<Config> {
  const { config, settings } = options;
  if (config !== undefined) return settings === undefined ? config : config.with(settings);
  const { loadConfig } = await import("@mortise/core/node");
  return await loadConfig({
    directory: options.directory,
    options: settings,
    plugins: registry.plugins,
    discover: options.discover === true,
  });
}

/** Adds what the configuration needs, and every codec: definitions are read later, and without I/O. */
async function discover(config: Config, registry: Registry): Promise<void> {
  const { discoverPlugins } = await import("@mortise/core/node");
  const discovery = await discoverPlugins({ directory: config.directory });
  const known = new Set(registry.plugins.map((plugin) => plugin.name));
  await discovery.addTo(registry, {
    stores: new Set([...config.stores.values()].map((spec) => spec.protocol)),
    databases: [config.database.backend],
    codecs: discovery.plugins.filter(({ kind, name }) => kind === "codec" && !known.has(name)).map(({ name }) => name),
  });
}

/** What a project is made of, everything checked. */
interface ProjectParts {
  readonly config: Config;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly rehashBytes: number;
  readonly instances: Readonly<Record<string, ObjectStore>>;
  readonly overrides: ProtocolOverrides;
}

/** No I/O: what is opened at its first use is also closed only if it was used. */
function createProject(parts: ProjectParts): Project<unknown> {
  const { config, registry, logger, rehashBytes, instances, overrides } = parts;
  const current = createCurrentTransaction();
  const stores = createStores({ config, registry, logger, instances });
  const database = lazily(async (): Promise<Database> => {
    const plugin = registry.database(config.database.backend) as DatabasePlugin;
    return await plugin.open(config.database, { logger, directory: config.directory });
  });
  const writes = lazily(async (): Promise<WriteEnvironment> => {
    const environment = { database: await database.get(), logger, times: { ...defaultTimes, ...overrides.times } };
    const engine = createWriteEngine(environment, overrides.settle ?? settleIntents);
    return { engine, stores, claims: createClaims(environment, stores), current, logger, rehashBytes };
  });
  const internals: ProjectInternals = {
    config,
    registry,
    logger,
    stores,
    current,
    database: () => database.get(),
    writes: () => writes.get(),
    defined: new Map(),
  };
  const context = createContext(internals, current);
  const schemas = new Map<string, Schema<unknown>>();
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    const open = await database.close();
    await open?.close();
    await stores.close();
  }

  const project: Project<unknown> = {
    config,
    schema(name) {
      let schema = schemas.get(name);
      if (schema === undefined) {
        schema = createSchema(internals, context, name);
        schemas.set(name, schema);
      }
      return schema;
    },
    transaction: (work, options = {}) =>
      runTransaction(
        {
          current,
          database: () => database.get(),
          engine: async () => (await writes.get()).engine,
          bind: (relation, frame) => bindToFrame(internals, relation, frame),
        },
        work,
        options,
      ),
    async store(name) {
      const resolved = stores.resolveName(name);
      const { store } = await stores.open(resolved);
      return createUserStore(stores.layout(resolved), store);
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
    [Symbol.asyncDispose]: () => project.close(),
  };
  return project;
}
