import { QueryError } from "@mortise/core";
import {
  type AbortableOperationOptions,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  sql,
  type TransactionSettings,
} from "kysely";
import type { Database, Session } from "../database.ts";
import { compiledStatement } from "./statement.ts";

/** What the driver needs of the database behind it. */
export type KyselyHost = Pick<Database, "execute" | "begin" | "stream">;

/** Borrows a real connection per statement, or a session between `begin` and its end. */
class KyselyConnection implements DatabaseConnection {
  readonly #host: KyselyHost;
  session: Session | undefined;

  constructor(host: KyselyHost) {
    this.#host = host;
  }

  /** Outside a transaction the database decides between reading and writing, as for every other statement. */
  async executeQuery<R>(query: CompiledQuery, options?: AbortableOperationOptions): Promise<QueryResult<R>> {
    const executor = this.session ?? this.#host;
    const { rows, affected } = await executor.execute<R>(compiledStatement(query), { signal: options?.signal });
    return { rows: [...rows], numAffectedRows: BigInt(affected) };
  }

  /** Inside a transaction all rows are read at once: a cursor left open would stand in the way of its writes. */
  async *streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    if (this.session !== undefined) {
      yield await this.executeQuery<R>(query);
      return;
    }
    await using cursor = this.#host.stream<R>(compiledStatement(query), { batch: chunkSize });
    for await (const rows of cursor) yield { rows: [...rows] };
  }

  /** Throws `QueryError` `invalid-query` for an isolation level: those of the databases have only their names in common. */
  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    if (isolationLevel !== undefined) {
      throw new QueryError("invalid-query", `a transaction can't be begun with the isolation level ${isolationLevel}`, {
        hint: 'leave it out; setAccessMode("read only") reads a consistent snapshot',
      });
    }
    this.session = await this.#host.begin({ readOnly: accessMode === "read only" });
  }

  async end(how: "commit" | "rollback"): Promise<void> {
    const session = this.session;
    this.session = undefined;
    await session?.[how]();
  }
}

/** Kysely's driver on an open database: its statements and transactions take turns with ours. */
class KyselyDriver implements Driver {
  readonly #host: KyselyHost;

  constructor(host: KyselyHost) {
    this.#host = host;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<KyselyConnection> {
    return new KyselyConnection(this.#host);
  }

  async beginTransaction(connection: KyselyConnection, settings: TransactionSettings): Promise<void> {
    await connection.begin(settings);
  }

  async commitTransaction(connection: KyselyConnection): Promise<void> {
    await connection.end("commit");
  }

  async rollbackTransaction(connection: KyselyConnection): Promise<void> {
    await connection.end("rollback");
  }

  async savepoint(connection: KyselyConnection, name: string): Promise<void> {
    await connection.session?.execute(sql`savepoint ${sql.id(name)}`);
  }

  async rollbackToSavepoint(connection: KyselyConnection, name: string): Promise<void> {
    await connection.session?.execute(sql`rollback to ${sql.id(name)}`);
  }

  async releaseSavepoint(connection: KyselyConnection, name: string): Promise<void> {
    await connection.session?.execute(sql`release ${sql.id(name)}`);
  }

  /** A transaction that its user left open is undone. */
  async releaseConnection(connection: KyselyConnection): Promise<void> {
    await connection.end("rollback");
  }

  /** The database is not Kysely's to close. */
  async destroy(): Promise<void> {}
}

/** What differs between databases in Kysely's eyes. */
export type KyselyPieces = Omit<Dialect, "createDriver">;

/** What `new Kysely({ dialect })` takes. Destroying that Kysely leaves the database open. */
export function createKyselyDialect(host: KyselyHost, pieces: KyselyPieces): Dialect {
  return {
    createAdapter: () => pieces.createAdapter(),
    createDriver: () => new KyselyDriver(host),
    createIntrospector: (database) => pieces.createIntrospector(database),
    createQueryCompiler: () => pieces.createQueryCompiler(),
  };
}
