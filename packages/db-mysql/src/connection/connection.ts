import type { Socket } from "node:net";
import { QueryError } from "@mortise/core";
import type { DatabaseRow, StatementResult } from "@mortise/sql";
import type { ServerConnection, SqlText } from "@mortise/sql/server";
import type { Connection, FieldPacket, QueryOptions, ResultSetHeader } from "mysql2";
import { endsTransaction, isLost, translate } from "../errors.ts";
import { bindValues } from "./parameters.ts";
import { longestKept, needsPreparing } from "./protocol.ts";
import { type CommandEvents, RowReader } from "./row-reader.ts";
import { rowFinisher } from "./rows.ts";

/** What mysql2 hands to the callback of a command. */
type Answer = ResultSetHeader | readonly DatabaseRow[] | readonly (ResultSetHeader | readonly DatabaseRow[])[];
type Done = (error: unknown, answer: Answer, fields: readonly FieldPacket[] | undefined) => void;
/** mysql2's own types know fixed kinds of rows only. */
type Start = (query: QueryOptions, done: Done) => void;

/** What the server said when the session was set up. */
export interface SessionFacts {
  /** Names the connection for `cancel` and `terminate`. */
  readonly id: string;
  /** Bytes of the largest statement the server takes. */
  readonly maxPacket: number;
  /** A lock that was waited for in vain then costs the whole transaction, not the statement alone. */
  readonly rollsBackOnTimeout: boolean;
}

/** In `serverStatus` of an answer. */
const inTransaction = 1;

/** Answers that mean: prepare it again. Nothing was run. */
const staleStatement: ReadonlySet<number | undefined> = new Set([1243, 1615]);

/** How long the rest of a stream that was left early may still come, before the socket is closed instead. */
const drainMs = 50;

/** One session with the server. Not safe for two uses at once: whoever holds it runs one statement after the other. */
export class MysqlConnection implements ServerConnection {
  readonly id: string;
  readonly #mysql: Connection;
  readonly #socket: Socket;
  readonly #facts: SessionFacts;
  readonly #waiting = new Set<(error: unknown) => void>();
  #transaction: ServerConnection["transaction"] = "none";
  #alive = true;

  constructor(mysql: Connection, socket: Socket, facts: SessionFacts) {
    this.id = facts.id;
    this.#mysql = mysql;
    this.#socket = socket;
    this.#facts = facts;
    mysql.on("error", (error: unknown) => this.#lost(error));
    socket.on("end", () => this.#lost(undefined));
    socket.on("close", () => this.#lost(undefined));
  }

  get alive(): boolean {
    return this.#alive && !this.#socket.destroyed;
  }

  get transaction(): ServerConnection["transaction"] {
    return this.#transaction;
  }

  async execute(statement: SqlText, options: { readonly bigints?: boolean | undefined }): Promise<StatementResult> {
    const own = statement as Partial<CountedStatement>;
    try {
      const { rows, header } = await this.#run(statement, options.bigints ?? false);
      if (header === undefined) return { rows, affected: /\breturning\b/i.test(statement.text) ? rows.length : 0 };
      return { rows, affected: own.affected?.(header) ?? affectedRows(header) };
    } catch (error) {
      const refused = own.refused?.(error);
      if (typeof refused === "number") return { rows: [], affected: refused };
      throw refused ?? this.#translated(error);
    }
  }

  async *stream(
    statement: SqlText,
    options: { readonly batch: number; readonly bigints?: boolean | undefined },
  ): AsyncGenerator<readonly DatabaseRow[], void, undefined> {
    const query = this.#query(statement);
    const command = (needsPreparing(statement.text, statement.values)
      ? this.#mysql.execute(query)
      : this.#mysql.query(query)) as unknown as CommandEvents;
    const reader = new RowReader(command, this.#mysql, options);
    this.#waiting.add(reader.fail);
    try {
      yield* reader.batches();
    } catch (error) {
      throw this.#translated(error);
    } finally {
      this.#waiting.delete(reader.fail);
      if (!(await reader.drained(drainMs))) this.destroy();
      this.#forget(statement.text);
    }
  }

  unref(): void {
    this.#socket.unref();
  }

  ref(): void {
    this.#socket.ref();
  }

  /** Says goodbye, so that the server does not count an aborted connection. */
  async close(): Promise<void> {
    if (!this.alive) return this.destroy();
    const closed = new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    this.#mysql.end(() => this.#socket.end());
    const late = setTimeout(() => this.destroy(), 1000);
    await closed;
    clearTimeout(late);
  }

  destroy(): void {
    this.#socket.destroy();
    this.#lost(undefined);
  }

  async #run(
    statement: SqlText,
    bigints: boolean,
  ): Promise<{ rows: readonly DatabaseRow[]; header?: ResultSetHeader }> {
    const query = this.#query(statement);
    const prepared = needsPreparing(statement.text, statement.values);
    const mysql = this.#mysql as unknown as { readonly execute: Start; readonly query: Start };
    const once = (): Promise<[Answer, readonly FieldPacket[] | undefined]> =>
      this.#answer((done) => (prepared ? mysql.execute(query, done) : mysql.query(query, done)));
    let [answer, fields] = await once().catch((error: unknown) => {
      if (!prepared || !staleStatement.has((error as { errno?: number }).errno)) throw error;
      this.#mysql.unprepare(statement.text);
      return once();
    });
    this.#forget(statement.text);
    // A procedure answers with its result sets and then with a header of its own.
    const sets = Array.isArray(answer) && Array.isArray(fields?.[0] ?? answer[0]) ? answer : undefined;
    if (sets !== undefined) {
      // Only there the server says whether the procedure has ended the transaction.
      const last = sets.at(-1);
      if (last !== undefined && !Array.isArray(last)) this.#noteStatus(last as ResultSetHeader);
      answer = sets[0] as Answer;
      fields = (fields as unknown as (FieldPacket[] | undefined)[])[0];
    }
    if (!Array.isArray(answer)) {
      const header = answer as ResultSetHeader;
      this.#noteStatus(header);
      return { rows: [], header };
    }
    const rows: readonly DatabaseRow[] = answer;
    const finish = fields === undefined ? undefined : rowFinisher(fields, bigints);
    if (finish !== undefined) for (const row of rows) finish(row);
    return { rows };
  }

  #noteStatus({ serverStatus }: ResultSetHeader): void {
    this.#transaction = (serverStatus & inTransaction) === 0 ? "none" : "open";
  }

  #query({ text, values }: SqlText): QueryOptions {
    this.#requireFitting(text, values);
    return {
      sql: text,
      // mysql2 sends its values along; without any, the text goes out untouched.
      ...(values.length === 0 ? {} : { values: bindValues(values) }),
    };
  }

  /** A server that is sent too much closes the connection, and whoever waits for it hears nothing of the reason. */
  #requireFitting(text: string, values: readonly unknown[]): void {
    const { maxPacket } = this.#facts;
    let bytes = text.length * 3 < maxPacket ? text.length : Buffer.byteLength(text);
    for (const value of values) {
      if (typeof value === "string") bytes += value.length * 3 < maxPacket ? value.length : Buffer.byteLength(value);
      else if (value instanceof Uint8Array) bytes += value.byteLength;
    }
    // The protocol adds at most some bytes per value.
    if (bytes + values.length * 12 + 64 <= maxPacket) return;
    throw new QueryError(
      "invalid-query",
      `the statement has ${bytes} bytes, more than the server takes at once (max_allowed_packet is ${maxPacket})`,
      { hint: "raise max_allowed_packet on the server, or write fewer or smaller rows at a time" },
    );
  }

  #answer(start: (done: Done) => void): Promise<[Answer, readonly FieldPacket[] | undefined]> {
    return new Promise((resolve, reject) => {
      if (!this.alive) return reject(lostError());
      const fail = (error: unknown): void => {
        this.#waiting.delete(fail);
        reject(error);
      };
      this.#waiting.add(fail);
      start((error, answer, fields) => {
        this.#waiting.delete(fail);
        if (error !== null && error !== undefined) reject(error);
        else resolve([answer, fields]);
      });
    });
  }

  #forget(text: string): void {
    if (text.length > longestKept && this.alive) this.#mysql.unprepare(text);
  }

  #translated(error: unknown): unknown {
    if (isLost(error)) this.#lost(error);
    const { rollsBackOnTimeout } = this.#facts;
    if (endsTransaction(error, rollsBackOnTimeout)) this.#transaction = "none";
    return translate(error, rollsBackOnTimeout);
  }

  /** Everything that waits for an answer gets this one. */
  #lost(error: unknown): void {
    this.#alive = false;
    const reason = error ?? lostError();
    for (const fail of this.#waiting) fail(reason);
    if (!this.#socket.destroyed) this.#socket.destroy();
  }
}

/** What statements of our own making add: how their rows are counted, and refusals that are none. */
export interface CountedStatement extends SqlText {
  affected(header: { readonly affectedRows: number; readonly info: string }): number;
  refused(error: unknown): number | QueryError | undefined;
}

function lostError(): Error {
  return Object.assign(new Error("the connection was closed"), { code: "PROTOCOL_CONNECTION_LOST", fatal: true });
}

/** For UPDATE the rows that its condition found, changed or not; `lc_messages` makes the server say it in English. */
function affectedRows({ affectedRows: changed, info }: ResultSetHeader): number {
  const matched = /^Rows matched: (\d+)/.exec(info)?.[1];
  return matched === undefined ? changed : Number(matched);
}
