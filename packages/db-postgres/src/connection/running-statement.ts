import { QueryError } from "@mortise/core";
import type { DatabaseRow, StatementResult } from "@mortise/sql";
import { isServerError } from "../errors.ts";
import { type RowReader, rowReader } from "./row-reader.ts";
import { afterAnswer, type Field, type Wire, type WireStatement, type WireValue } from "./wire.ts";

/** Command tags that count changed rows: `INSERT 0 5`, `UPDATE 2`, `DELETE 0`, `MERGE 1`; `COPY 7` where rows went in. */
const changes = /^(?:INSERT \d+|UPDATE|DELETE|MERGE) (\d+)$/;
const copied = /^COPY (\d+)$/;

/** How a statement runs. */
export interface RunningOptions {
  readonly bigints?: boolean | undefined;
  /** Sent before and after it in the same round trip, without values and rows; neither runs after an error. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  /** What a `COPY … FROM STDIN` reads. */
  readonly data?: Iterable<string> | undefined;
}

function send(wire: Wire, text: string): void {
  wire.parse({ text });
  wire.bind({ values: [] });
  wire.execute({});
}

/**
 * One statement that is read to its end. It is always prepared by the server without a name: that takes a single
 * statement, never a second one behind a semicolon, and leaves nothing in the session.
 */
export class RunningStatement implements WireStatement {
  readonly #text: string;
  readonly #values: readonly WireValue[];
  readonly #options: RunningOptions;
  readonly #done: PromiseWithResolvers<StatementResult> = Promise.withResolvers();
  readonly #rows: DatabaseRow[] = [];
  #read: RowReader | undefined;
  #affected = 0;
  #synced = false;
  /** The first value that could not be read; the rest of the answer is passed over, so that the connection stays usable. */
  #failure: unknown;

  constructor(text: string, values: readonly WireValue[], options: RunningOptions = {}) {
    this.#text = text;
    this.#values = values;
    this.#options = options;
  }

  /** Rejects with pg's error, or with that of reading a value. */
  get result(): Promise<StatementResult> {
    return this.#done.promise;
  }

  submit(wire: Wire): void {
    wire.stream.cork();
    try {
      const { before, data } = this.#options;
      if (before !== undefined) send(wire, before);
      wire.parse({ text: this.#text });
      wire.bind({ values: this.#values });
      wire.describe({ type: "P" });
      wire.execute({});
      // Inside a copy the server passes over a Sync, so it is sent when the data is.
      if (data === undefined) this.#finish(wire);
      else wire.flush();
    } finally {
      wire.stream.uncork();
    }
  }

  handleRowDescription(message: { readonly fields: readonly Field[] }): void {
    this.#read = rowReader(message.fields, this.#options.bigints ?? false);
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    if (this.#failure !== undefined) return;
    try {
      this.#rows.push((this.#read as RowReader)(message.fields));
    } catch (error) {
      this.#failure = error;
    }
  }

  handleCommandComplete(message: { readonly text: string }): void {
    const pattern = this.#options.data === undefined ? changes : copied;
    const changed = pattern.exec(message.text)?.[1];
    if (changed !== undefined) this.#affected = Number(changed);
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  handleCopyInResponse(wire: Wire): void {
    wire.stream.cork();
    try {
      this.#copy(wire);
    } finally {
      wire.stream.uncork();
    }
  }

  handleCopyData(): void {}

  handleReadyForQuery(): void {
    if (this.#failure !== undefined) this.#done.reject(this.#failure);
    else this.#done.resolve({ rows: this.#rows, affected: this.#affected });
  }

  handleError(error: unknown, wire: Wire): void {
    if (!this.#synced) wire.sync();
    const end = (): void => this.#done.reject(this.#failure ?? error);
    if (isServerError(error)) afterAnswer(wire, end);
    else end();
  }

  /** Data that can't be made ends the copy, and the server undoes what it has read. */
  #copy(wire: Wire): void {
    try {
      for (const piece of this.#options.data ?? []) wire.sendCopyFromChunk(Buffer.from(piece));
      wire.endCopyFrom();
      this.#finish(wire);
    } catch (error) {
      this.#failure = new QueryError("invalid-query", `the rows can't be sent: ${(error as Error).message}`, {
        cause: error,
      });
      wire.sendCopyFail("the client has no data");
      this.#synced = true;
      wire.sync();
    }
  }

  #finish(wire: Wire): void {
    const { after } = this.#options;
    if (after !== undefined) send(wire, after);
    this.#synced = true;
    wire.sync();
  }
}
