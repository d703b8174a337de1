import type { ServerConnection, ServerDriver } from "./driver.ts";
import { isConnectionLost } from "./errors.ts";

/** How long a cancelled statement may take to end before its connection is given up. */
const cancelMs = 10_000;

/**
 * Runs `work` on a connection and asks the server to end it when `signal` aborts. What was finished before it could be
 * cancelled is a result; what failed afterwards fails with the signal's reason, except when the connection was lost:
 * then a write may have taken effect.
 */
export async function cancellable<T>(
  driver: ServerDriver,
  connection: ServerConnection,
  signal: AbortSignal | undefined,
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
    return await work();
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
