import type { DatabaseRow, StatementResult } from "@mortise/sql";
import type { ServerConnection, SqlText } from "@mortise/sql/server";
import { endsSession, refusesCopy, translate } from "../errors.ts";
import { bindValues } from "./bind-values.ts";
import { Portal } from "./portal.ts";
import { type RunningOptions, RunningStatement } from "./running-statement.ts";
import type { CopyText, PostgresText } from "./statement-text.ts";
import type { WireClient, WireValue } from "./wire.ts";

/** Milliseconds that a goodbye may take; afterwards the socket is closed without one. */
const goodbyeMs = 2_000;

const states = { I: "none", T: "open", E: "failed" } as const;

/** Around a statement whose failure leaves the rest of a transaction usable. */
const savepoint = {
  before: "SAVEPOINT mortise_statement",
  after: "RELEASE SAVEPOINT mortise_statement",
  undo: "ROLLBACK TO SAVEPOINT mortise_statement",
} as const;

/** Around several statements that stand for one outside a transaction. */
const ownTransaction = { before: "BEGIN", after: "COMMIT", undo: "ROLLBACK" } as const;

/** One session of the server. Values of its statements are `WireValue`s already: `compile` has bound them. */
export class PostgresConnection implements ServerConnection {
  readonly id: string;
  readonly #client: WireClient;
  #alive = true;

  constructor(client: WireClient, id: string) {
    this.#client = client;
    this.id = id;
    const end = (): void => {
      this.#alive = false;
    };
    client.on("error", end);
    client.on("end", end);
  }

  get alive(): boolean {
    return this.#alive;
  }

  get transaction(): "none" | "open" | "failed" {
    return states[this.#client.getTransactionStatus() ?? "I"];
  }

  async execute(
    { text, values, undoable = false, copy }: PostgresText,
    options: { readonly bigints?: boolean | undefined },
  ): Promise<StatementResult> {
    if (copy !== undefined) {
      try {
        return await this.#undoable(undoable, copy.text, [], { data: copy.data() });
      } catch (error) {
        if (!refusesCopy(error) || this.transaction === "failed") throw error;
      }
      return await this.#insteadOf(copy);
    }
    return await this.#undoable(undoable, text, values as readonly WireValue[], options);
  }

  /** All of them or none: several are one transaction, or stand behind one savepoint of the caller's. */
  async #insteadOf(copy: CopyText): Promise<StatementResult> {
    const around = this.transaction === "none" ? ownTransaction : savepoint;
    let affected = 0;
    await this.#run(around.before, [], {});
    try {
      for (const { text, values } of copy.otherwise()) {
        affected += (await this.#run(text, bindValues(values), {})).affected;
      }
      await this.#run(around.after, [], {});
    } catch (error) {
      const failure = this.#failed(error);
      await this.#undo(around);
      throw failure;
    }
    return { rows: [], affected };
  }

  /** Inside a transaction, with a savepoint around the statement if it must be undoable. */
  async #undoable(
    undoable: boolean,
    text: string,
    values: readonly WireValue[],
    options: RunningOptions,
  ): Promise<StatementResult> {
    const { before, after } = savepoint;
    const guarded = undoable && this.transaction === "open";
    try {
      return await this.#run(text, values, guarded ? { ...options, before, after } : options);
    } catch (error) {
      const failure = this.#failed(error);
      if (guarded) await this.#undo(savepoint);
      throw failure;
    }
  }

  #run(text: string, values: readonly WireValue[], options: RunningOptions): Promise<StatementResult> {
    const statement = new RunningStatement(text, values, options);
    this.#client.query(statement);
    return statement.result;
  }

  /** Where even that fails, the transaction stays failed, and whoever has begun it rolls it back. */
  async #undo({ undo, after }: typeof savepoint | typeof ownTransaction): Promise<void> {
    if (!this.#alive || this.transaction !== "failed") return;
    await this.#run(undo, [], undo === savepoint.undo ? { after } : {}).catch(() => undefined);
  }

  async *stream(
    { text, values }: SqlText,
    options: { readonly batch: number; readonly bigints?: boolean | undefined },
  ): AsyncIterableIterator<readonly DatabaseRow[]> {
    const portal = new Portal({
      text,
      values: values as readonly WireValue[],
      batch: options.batch,
      bigints: options.bigints ?? false,
    });
    this.#client.query(portal);
    try {
      for (let rows = await portal.next(); rows !== undefined; rows = await portal.next()) yield rows;
    } catch (error) {
      throw this.#failed(error);
    } finally {
      await portal.close();
    }
  }

  ref(): void {
    this.#client.ref();
  }

  unref(): void {
    this.#client.unref();
  }

  async close(): Promise<void> {
    this.#alive = false;
    const timer = setTimeout(() => this.destroy(), goodbyeMs);
    await this.#client.end().catch(() => undefined);
    clearTimeout(timer);
  }

  destroy(): void {
    this.#alive = false;
    this.#client.connection.stream.destroy();
  }

  /** The server may take a moment to close the socket after its last word; nothing should be sent there meanwhile. */
  #failed(error: unknown): unknown {
    if (endsSession(error)) this.#alive = false;
    return translate(error);
  }
}
