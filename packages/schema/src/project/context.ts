import { TransactionError } from "@mortise/core";
import type { ProjectContext } from "../context.ts";
import { ValueDecodeContext } from "../objects/decode-context.ts";
import type { CurrentTransaction } from "../transaction/current.ts";
import type { ProjectInternals } from "./internals.ts";

/**
 * The project as tables and queries see it. `current` says which transaction they belong to: that of the asynchronous
 * context, or for `transaction.use` always the same one.
 */
export function createContext(internals: ProjectInternals, current: CurrentTransaction): ProjectContext {
  const { config, registry, logger, stores } = internals;
  return {
    config,
    registry,
    logger,
    database: () => internals.database(),
    async executor() {
      const frame = current.get();
      if (frame === undefined) return await internals.database();
      frame.scope.executor();
      return frame.scope.shared;
    },
    get inTransaction() {
      return current.get() !== undefined;
    },
    async exclusively(work) {
      const frame = current.get();
      if (frame === undefined) throw new TransactionError("ended", "a write of a transaction ran outside of one");
      return await frame.scope.exclusively(frame.savepoint, work);
    },
    objects: {
      resolveName: (name) => stores.resolveName(name),
      open: (name) => stores.open(name),
      decodeContext: (site, storeName, signal) =>
        new ValueDecodeContext(stores, site, storeName, signal, downloadPath(internals)),
    },
  };
}

/** Asked for per value, so kept. */
const downloadPaths = new WeakMap<ProjectInternals, string>();

function downloadPath(internals: ProjectInternals): string {
  let path = downloadPaths.get(internals);
  if (path === undefined) {
    const configured = internals.config.get("download_path");
    path = typeof configured === "string" ? configured : ".";
    downloadPaths.set(internals, path);
  }
  return path;
}
