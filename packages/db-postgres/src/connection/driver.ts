import { QueryError } from "@mortise/core";
import type { Statement } from "@mortise/sql";
import { statementBegins, statementCompiler } from "@mortise/sql/driver";
import type { ServerConnection, ServerDriver, ServerSettings } from "@mortise/sql/server";
import { PostgresQueryCompiler } from "kysely";
import { connectError } from "../errors.ts";
import { bindValues } from "./bind-values.ts";
import { type CancelKey, sendCancelRequest } from "./cancel-request.ts";
import { PostgresConnection } from "./connection.ts";
import { openClient } from "./open-client.ts";
import type { SessionIdentity } from "./set-up.ts";
import type { PostgresText } from "./statement-text.ts";
import { terminateSession } from "./terminate.ts";

/** Of a session, what is needed to reach it from another. */
interface KnownSession {
  readonly key: CancelKey;
  readonly identity: SessionIdentity;
  /** Whether a pooler stands between: the server's session is then another with every transaction. */
  readonly pooled: boolean;
}

/** PostgreSQL as `serverDatabase` wants it. */
export class PostgresDriver implements ServerDriver {
  readonly backend = "postgresql";
  readonly place: string;
  /** Explicit, because roles and databases can have defaults of their own. Whether writing is allowed stays theirs. */
  readonly transactions = {
    begin: "BEGIN ISOLATION LEVEL READ COMMITTED",
    beginReadOnly: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
  };
  readonly #settings: ServerSettings;
  readonly #compile = statementCompiler(new PostgresQueryCompiler());
  /** Also sessions that are lost: ending them for certain is what `terminate` is for. */
  readonly #sessions = new Map<string, KnownSession>();
  #opened = 0;

  constructor(settings: ServerSettings) {
    this.#settings = settings;
    this.place = settings.place;
  }

  compile(statement: Statement): PostgresText {
    const sql: PostgresText = this.#compile(statement);
    if (sql.text.includes("\0")) {
      // The protocol ends a text there: the server would run the beginning, and take the rest for something else.
      throw new QueryError("invalid-query", "the text of a statement holds a NUL character");
    }
    if (statementBegins(sql.text, /copy\b/iy)) {
      throw new QueryError("invalid-query", "COPY is not run as a statement", {
        hint: "read with stream(), write with insert()",
      });
    }
    return { ...sql, values: bindValues(sql.values) };
  }

  async connect(signal: AbortSignal | undefined): Promise<ServerConnection> {
    const { client, tls, identity } = await openClient(this.#settings, signal);
    const { processID: processId, secretKey } = client;
    const pooled = processId !== identity.pid;
    this.#opened += 1;
    const id = `${identity.pid}@${identity.start}${pooled ? `#${this.#opened}` : ""}`;
    this.#remember(id, { key: { processId, secretKey, tls }, identity, pooled });
    return new PostgresConnection(client, id);
  }

  async cancel(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    try {
      await sendCancelRequest(this.#settings, session.key);
    } catch (error) {
      throw connectError(error, this.#settings);
    }
  }

  async terminate(id: string): Promise<void> {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    if (session.pooled) {
      throw new QueryError(
        "database",
        `the sessions of ${this.place} belong to a pooler and can't be ended one by one`,
        {
          hint: "the server ends what a lost connection has left when the pooler notices; try again later",
        },
      );
    }
    const by = (await this.connect(undefined)) as PostgresConnection;
    try {
      await terminateSession(by, session.identity);
      this.#sessions.delete(id);
    } finally {
      await by.close();
      this.#sessions.delete(by.id);
    }
  }

  /** The oldest are forgotten: nobody asks for a session that was lost a thousand connections ago. */
  #remember(id: string, session: KnownSession): void {
    this.#sessions.set(id, session);
    if (this.#sessions.size <= 1000) return;
    const oldest = this.#sessions.keys().next().value;
    if (oldest !== undefined) this.#sessions.delete(oldest);
  }
}
