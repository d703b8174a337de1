import { storeError } from "../errors.ts";

/** How `completeStore` runs a store; each has a default. */
export interface CompleteOptions {
  /** The store's name in the configuration, for errors. Default: its protocol. */
  readonly storeName?: string | undefined;
  /** Milliseconds for an operation without `timeoutMs`; for `put` and `copy` between two steps of progress. Default 60 000. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds between two chunks of a body that is read, without `idleTimeoutMs`. Default 60 000. */
  readonly idleTimeoutMs?: number | undefined;
  /** Reads and, separately, writes under way at once; more wait. Default 64. */
  readonly concurrency?: number | undefined;
  /** Bytes of bodies being written, and separately being collected by `bytes()`, at once; more wait. Default 64 MiB. */
  readonly byteBudget?: number | undefined;
  /** Whether the first write creates `_mortise/store.json`. Default true. */
  readonly identity?: boolean | undefined;
}

/** What an unknown body counts against the byte budget: the chunks that are between source and store. */
export const streamWeight: number = 1024 * 1024;

/** Throws `invalid-config` for limits that are no numbers or less than 1: they would limit nothing, or let nothing pass. */
export function checkLimits(storeName: string, limits: Readonly<Record<string, number | undefined>>): void {
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined || value >= 1) continue;
    throw storeError({ operation: "open", store: storeName }, "invalid-config", `${name} is ${value}`, {
      hint: "give a number of at least 1, or leave it out",
    });
  }
}

/** The options with their defaults. Throws `invalid-config` for limits that are none. */
export function resolveOptions(
  options: CompleteOptions,
  protocol: string,
): Required<{ [K in keyof CompleteOptions]: NonNullable<CompleteOptions[K]> }> {
  const { timeoutMs, idleTimeoutMs, concurrency, byteBudget } = options;
  checkLimits(options.storeName ?? protocol, { timeoutMs, idleTimeoutMs, concurrency, byteBudget });
  return {
    storeName: options.storeName ?? protocol,
    timeoutMs: options.timeoutMs ?? 60_000,
    idleTimeoutMs: options.idleTimeoutMs ?? 60_000,
    concurrency: options.concurrency ?? 64,
    byteBudget: options.byteBudget ?? 64 * 1024 * 1024,
    identity: options.identity ?? true,
  };
}
