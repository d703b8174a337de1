import type { ServerDriver } from "./driver.ts";
import { closedError, isConnectionLost, reconnectFailed, statementLost } from "./errors.ts";
import { type Lease, Pool } from "./pool.ts";
import { ledgerConnections, type ServerSettings } from "./settings.ts";

/** As much of the settings as connections need. */
export type ConnectionSettings = Pick<ServerSettings, "connections" | "waitMs" | "reconnect">;

/** Work that needs a connection of its own, as long as the lease lasts. */
export interface ConnectionRequest {
  readonly pool: "data" | "ledger";
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** Whether the work may be done twice where nobody knows if it was done once. Asked only after a loss. */
  repeatable(): boolean;
}

/**
 * The two pools of a database. The ledger's is never lent to users: whoever holds one of its connections waits for
 * nothing else, so that any number of transactions that need it get it in the end.
 */
export class Connections {
  readonly #driver: ServerDriver;
  readonly #settings: ConnectionSettings;
  readonly #pools: Readonly<Record<"data" | "ledger", Pool>>;
  #connected = false;

  constructor(driver: ServerDriver, settings: ConnectionSettings) {
    this.#driver = driver;
    this.#settings = settings;
    const connect = (signal: AbortSignal | undefined) => this.#connect(signal);
    this.#pools = {
      data: new Pool({ name: "data", size: settings.connections, connect }),
      ledger: new Pool({ name: "ledger", size: ledgerConnections, connect }),
    };
  }

  take({ pool, signal, timeoutMs }: Omit<ConnectionRequest, "repeatable">): Promise<Lease> {
    return this.#pools[pool].take({ signal, timeoutMs: timeoutMs ?? this.#settings.waitMs });
  }

  /**
   * Runs `work` on a connection and returns the lease with its result. Where the connection was lost, `work` runs once
   * more on a new one if that does no harm. A failure ends the lease.
   */
  async run<T>(request: ConnectionRequest, work: (lease: Lease) => Promise<T>): Promise<{ lease: Lease; result: T }> {
    for (let attempt = 1; ; attempt += 1) {
      const lease = await this.take(request);
      try {
        return { lease, result: await work(lease) };
      } catch (error) {
        const lost = isConnectionLost(error) || !lease.connection.alive;
        lease.end(!lost);
        if (!lost) throw error;
        // The others may have died with the server.
        this.#pools[request.pool].discardIdle();
        this.#judgeLoss(request, error, attempt);
      }
    }
  }

  /** Nothing is lent any more; what is lent stays until `close`. */
  stop(): void {
    for (const pool of Object.values(this.#pools)) pool.stop(closedError(this.#driver.place));
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map((pool) => pool.close()));
  }

  /** Returns where the work is to be done again. */
  #judgeLoss(request: ConnectionRequest, error: unknown, attempt: number): void {
    const harmless = request.repeatable();
    if (harmless) request.signal?.throwIfAborted();
    if (attempt === 1 && harmless && this.#settings.reconnect) return;
    throw statementLost(error, this.#driver.place, harmless);
  }

  /** The first connection shows what is wrong with the settings; later ones, that the server is gone. */
  async #connect(signal: AbortSignal | undefined): ReturnType<ServerDriver["connect"]> {
    try {
      const connection = await this.#driver.connect(signal);
      this.#connected = true;
      return connection;
    } catch (error) {
      throw this.#connected ? reconnectFailed(error, this.#driver.place) : error;
    }
  }
}
