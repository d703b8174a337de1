import { Permits, type WaitOptions } from "../driver/permits.ts";
import type { ServerConnection } from "./driver.ts";
import { poolExhausted } from "./errors.ts";

/** How a pool makes connections, and how many. */
export interface PoolOptions {
  /** For messages: `data` or `ledger`. */
  readonly name: string;
  readonly size: number;
  connect(signal: AbortSignal | undefined): Promise<ServerConnection>;
}

/** A connection that one caller has until it says how it ended. */
export interface Lease {
  readonly connection: ServerConnection;
  /** Gives it back. `clean` false: nobody knows what is left on it, and it is destroyed. Twice does no harm. */
  end(clean: boolean): void;
}

interface IdleConnection {
  readonly connection: ServerConnection;
  /** `performance.now()` when it was given back. */
  readonly since: number;
}

/** How long a connection may lie idle; less than firewalls and servers usually wait before they drop it. */
const idleMs = 60_000;

/** From this age on an idle connection is asked for a sign of life first: its end may not have reached us. */
const doubtMs = 5_000;

/** Connections to one server: made when needed, kept for a while, and waited for in the order of the calls. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #permits: Permits;
  readonly #lent = new Set<ServerConnection>();
  /** Most recently used last: those that are not needed grow old at the front. */
  #idle: IdleConnection[] = [];
  #sweep: NodeJS.Timeout | undefined;
  #closed: unknown;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#permits = new Permits(options.size, (timeoutMs) => poolExhausted(options.name, options.size, timeoutMs));
  }

  /** `QueryError` `busy` after the whole wait; the errors of connecting as they are. */
  async take(wait: WaitOptions): Promise<Lease> {
    if (this.#closed !== undefined) throw this.#closed;
    const release = await this.#permits.acquire(wait);
    try {
      const connection = (await this.#takeIdle()) ?? (await this.#options.connect(wait.signal));
      if (this.#closed !== undefined) {
        connection.destroy();
        throw this.#closed;
      }
      return this.#lend(connection, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** A connection was found dead: the others may have died with the server. */
  discardIdle(): void {
    for (const { connection } of this.#idle.splice(0)) connection.destroy();
  }

  /** Ends all waiting with `reason`. What is lent stays usable. */
  stop(reason: unknown): void {
    this.#closed = reason;
    clearInterval(this.#sweep);
    this.#permits.refuseWaiting(reason);
  }

  /** Ends all connections: those in use at once. */
  async close(): Promise<void> {
    for (const connection of this.#lent) connection.destroy();
    await Promise.all(this.#idle.splice(0).map(({ connection }) => connection.close()));
  }

  #lend(connection: ServerConnection, release: () => void): Lease {
    this.#lent.add(connection);
    return {
      connection,
      end: (clean) => {
        if (!this.#lent.delete(connection)) return;
        if (clean && connection.alive && connection.transaction === "none" && this.#closed === undefined) {
          this.#keep(connection);
        } else {
          connection.destroy();
        }
        release();
      },
    };
  }

  async #takeIdle(): Promise<ServerConnection | undefined> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      const { connection, since } = idle;
      if (!connection.alive) continue;
      connection.ref();
      if (performance.now() - since < doubtMs || (await answers(connection))) return connection;
      connection.destroy();
    }
    return undefined;
  }

  #keep(connection: ServerConnection): void {
    connection.unref();
    this.#idle.push({ connection, since: performance.now() });
    this.#sweep ??= setInterval(() => this.#closeOld(), idleMs / 4).unref();
  }

  #closeOld(): void {
    const oldest = performance.now() - idleMs;
    const old = this.#idle.filter(({ connection, since }) => since < oldest || !connection.alive);
    this.#idle = this.#idle.filter((idle) => !old.includes(idle));
    for (const { connection } of old) void connection.close();
    if (this.#idle.length > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}

/** A sign of life within a moment. */
async function answers(connection: ServerConnection): Promise<boolean> {
  const timer = setTimeout(() => connection.destroy(), doubtMs);
  try {
    await connection.execute({ text: "SELECT 1", values: [] }, {});
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
