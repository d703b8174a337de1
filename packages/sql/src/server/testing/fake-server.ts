import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError, QueryError } from "@mortise/core";
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { Database, StatementResult } from "../../database.ts";
import { statementCompiler } from "../../driver/statement.ts";
import { type ServerParts, serverDatabase } from "../database.ts";
import type { ServerConnection, ServerDriver, SqlText } from "../driver.ts";

/**
 * What happens to a statement: its connection dies before it is run, or after it but before the answer; it runs until it
 * is cancelled; something else happens when it is finished; or it fails, perhaps with the whole transaction.
 */
export type Fault =
  | { readonly kind: "before" | "after" | "hang" | "silent" }
  | { readonly kind: "finish"; readonly run: () => void }
  | { readonly kind: "error"; readonly error: Error; readonly transaction?: ServerConnection["transaction"] };

interface PlannedFault {
  readonly pattern: RegExp;
  readonly fault: Fault;
}

/**
 * A server in memory. It knows transactions, savepoints not at all, and the statements `insert <name>` and
 * `select names`, `call finish` ends a transaction; every other one does nothing.
 */
export class FakeServer {
  readonly rows: string[] = [];
  /** Every statement that reached the server, as `id: text`. */
  readonly log: string[] = [];
  readonly connections: FakeConnection[] = [];
  readonly terminated: string[] = [];
  readonly cancelled: string[] = [];
  /** Errors of connecting, used one after the other. */
  readonly refusals: Error[] = [];
  readonly #faults: PlannedFault[] = [];

  /** The next statement that matches meets `fault`. */
  plan(pattern: RegExp, fault: Fault | Fault["kind"]): void {
    this.#faults.push({ pattern, fault: typeof fault === "string" ? ({ kind: fault } as Fault) : fault });
  }

  faultOf(text: string): Fault | undefined {
    const index = this.#faults.findIndex(({ pattern }) => pattern.test(text));
    return index < 0 ? undefined : this.#faults.splice(index, 1)[0]?.fault;
  }

  /** Connections that are neither closed nor destroyed. */
  get open(): readonly FakeConnection[] {
    return this.connections.filter(({ alive }) => alive);
  }

  get driver(): ServerDriver {
    const compile = statementCompiler(new PostgresQueryCompiler());
    return {
      backend: "fake",
      place: "me@here:1/lab",
      transactions: {
        begin: "BEGIN",
        beginReadOnly: ["SET", "BEGIN READ ONLY"],
        commitsImplicitly: /(?:create|drop)\b/iy,
      },
      compile: (statement) => compile(statement as never),
      connect: async (signal) => {
        await sleep(0, undefined, { signal });
        const refusal = this.refusals.shift();
        if (refusal !== undefined) throw refusal;
        const connection = new FakeConnection(this, `c${this.connections.length + 1}`);
        this.connections.push(connection);
        return connection;
      },
      cancel: async (id) => {
        this.cancelled.push(id);
        this.find(id)?.cancel();
      },
      terminate: async (id) => {
        this.terminated.push(id);
        this.find(id)?.destroy();
      },
    };
  }

  async openDatabase(settings: Partial<ServerParts["settings"]> = {}): Promise<Database> {
    return await serverDatabase({
      driver: this.driver,
      dialect: {} as never,
      catalog: {} as never,
      ledger: {} as never,
      kysely: {
        createAdapter: () => new PostgresAdapter(),
        createIntrospector: (database) => new PostgresIntrospector(database),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
      settings: { connections: 10, waitMs: 1_000, reconnect: true, ...settings },
    });
  }

  find(id: string): FakeConnection | undefined {
    return this.connections.find((connection) => connection.id === id);
  }
}

export function lost(): QueryError {
  return new QueryError("connection-lost", "the socket was closed");
}

export function unreachable(): ConfigError {
  return new ConfigError("unreachable", "can't connect to me@here:1/lab: refused");
}

class FakeConnection implements ServerConnection {
  readonly id: string;
  alive = true;
  referenced = true;
  transaction: ServerConnection["transaction"] = "none";
  readonly #server: FakeServer;
  #pending: string[] = [];
  #fail: ((error: Error) => void) | undefined;

  constructor(server: FakeServer, id: string) {
    this.#server = server;
    this.id = id;
  }

  async execute({ text }: SqlText): Promise<StatementResult> {
    const fault = this.#server.faultOf(text);
    await new Promise<void>((resolve, reject) => {
      this.#fail = reject;
      if (!this.alive) reject(lost());
      else if (fault?.kind === "before") this.destroy();
      else if (fault?.kind === "hang") this.#server.log.push(`${this.id}: ${text} (hangs)`);
      else setImmediate(resolve);
    });
    if (fault?.kind === "error") {
      this.transaction = fault.transaction ?? this.transaction;
      throw fault.error;
    }
    const result = this.#run(text);
    this.#fail = undefined;
    if (fault?.kind === "finish") fault.run();
    if (fault?.kind === "after") this.destroy();
    if (fault?.kind === "silent") await new Promise((_, reject) => (this.#fail = reject));
    if (!this.alive) throw lost();
    return result;
  }

  async *stream(sql: SqlText, { batch }: { readonly batch: number }): AsyncIterableIterator<readonly { n: string }[]> {
    const { rows } = await this.execute(sql);
    for (let at = 0; at < rows.length; at += batch) {
      yield rows.slice(at, at + batch) as { n: string }[];
      await this.execute({ text: "fetch", values: [] });
    }
  }

  unref(): void {
    this.referenced = false;
  }

  ref(): void {
    this.referenced = true;
  }

  async close(): Promise<void> {
    this.destroy();
  }

  /** The server rolls back what has no connection any more. */
  destroy(): void {
    this.alive = false;
    this.#pending = [];
    this.#fail?.(lost());
  }

  cancel(): void {
    this.#fail?.(new QueryError("database", "canceling statement due to user request"));
  }

  #run(text: string): StatementResult {
    this.#server.log.push(`${this.id}: ${text}`);
    const inserted = /^insert (\w+)/.exec(text)?.[1];
    if (text.startsWith("BEGIN")) this.transaction = "open";
    if (inserted !== undefined) (this.transaction === "open" ? this.#pending : this.#server.rows).push(inserted);
    if (text === "COMMIT") this.#server.rows.push(...this.#pending);
    if (text === "COMMIT" || text === "ROLLBACK" || text === "call finish") {
      this.transaction = "none";
      this.#pending = [];
    }
    const rows = text.startsWith("select names") ? [...this.#server.rows, ...this.#pending].map((n) => ({ n })) : [];
    return { rows, affected: inserted === undefined ? 0 : 1 };
  }
}
