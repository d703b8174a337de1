import type { DatabaseRow, StatementResult } from "@mortise/sql";
import { isServerError } from "../errors.ts";
import { type RowReader, rowReader } from "./row-reader.ts";
import { afterAnswer, type Field, type Wire, type WireStatement, type WireValue } from "./wire.ts";

/** Command tags that count changed rows: `INSERT 0 5`, `UPDATE 2`, `DELETE 0`, `MERGE 1`. */
const changes = /^(?:INSERT \d+|UPDATE|DELETE|MERGE) (\d+)$/;

/** How a statement runs. */
export interface RunningOptions {
  readonly bigints?: boolean | undefined;
  /** Sent before and after it in the same round trip, without values and rows; neither runs after an error. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
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
      const { before, after } = this.#options;
      if (before !== undefined) send(wire, before);
      wire.parse({ text: this.#text });
      wire.bind({ values: this.#values });
      wire.describe({ type: "P" });
      wire.execute({});
      if (after !== undefined) send(wire, after);
      wire.sync();
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
    const changed = changes.exec(message.text)?.[1];
    if (changed !== undefined) this.#affected = Number(changed);
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  /** `COPY … FROM STDIN` has no source here. The Sync that was sent already is lost inside the copy. */
  handleCopyInResponse(wire: Wire): void {
    wire.sendCopyFail("COPY from the client is not supported");
    wire.sync();
  }

  handleCopyData(): void {}

  handleReadyForQuery(): void {
    if (this.#failure !== undefined) this.#done.reject(this.#failure);
    else this.#done.resolve({ rows: this.#rows, affected: this.#affected });
  }

  handleError(error: unknown, wire: Wire): void {
    const end = (): void => this.#done.reject(error);
    if (isServerError(error)) afterAnswer(wire, end);
    else end();
  }
}
