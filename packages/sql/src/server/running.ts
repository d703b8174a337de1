import type { ServerConnection, ServerDriver } from "./driver.ts";
import { isConnectionLost } from "./errors.ts";

/** How long a cancelled statement may take to end before its connection is given up. */
const cancelMs = 10_000;

/** Work on a connection that a signal ends. */
export interface CancellableWork {
  readonly driver: ServerDriver;
  readonly connection: ServerConnection;
  readonly signal: AbortSignal | undefined;
  /** False: the result is of no use to who has aborted. True for what writes: it may have been finished all the same. */
  readonly keeps: boolean;
}

/**
 * Runs `work` and asks the server to end it when the signal aborts; it then fails with the signal's reason, except when
 * the connection was lost: then a write may have taken effect.
 */
export async function cancellable<T>(
  { driver, connection, signal, keeps }: CancellableWork,
  work: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return await work();
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let cancelling: Promise<void> | undefined;
  const onAbort = (): void => {
    timer = setTimeout(() => connection.destroy(), cancelMs);
    cancelling = driver.cancel(connection.id).catch(() => connection.destroy());
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const result = await work();
    // MySQL's sleep() calls it a success to be cancelled.
    if (!keeps) signal.throwIfAborted();
    return result;
  } catch (error) {
    if (signal.aborted && !isConnectionLost(error)) throw signal.reason;
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
    // A cancel that arrives late must not meet the next statement.
    await cancelling;
    clearTimeout(timer);
  }
}

/** Statements without values or rows, one after the other. */
export async function runAll(connection: ServerConnection, texts: string | readonly string[]): Promise<void> {
  for (const text of typeof texts === "string" ? [texts] : texts) await connection.execute({ text, values: [] }, {});
}

/** `work`, unless it takes longer than `ms`: then the connection is destroyed, and `work` fails with that. */
export async function within<T>(ms: number, connection: ServerConnection, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => connection.destroy(), ms);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
