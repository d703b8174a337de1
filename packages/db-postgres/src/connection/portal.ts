import type { DatabaseRow } from "@mortise/sql";
import { isServerError } from "../errors.ts";
import { type RowReader, rowReader } from "./row-reader.ts";
import { afterAnswer, type Field, type Wire, type WireStatement, type WireValue } from "./wire.ts";

const name = "mortise";

/** Rows of a statement, in batches. */
export interface PortalRequest {
  readonly text: string;
  readonly values: readonly WireValue[];
  /** Rows per batch. */
  readonly batch: number;
  readonly bigints: boolean;
}

/**
 * One statement whose rows are fetched in batches from a portal of the server. The next batch is asked for while the
 * last one is used, so at most two are in memory. The portal lives as long as no Sync is sent: outside a transaction
 * that is what ends it, and a transaction of the caller's stays open.
 */
export class Portal implements WireStatement {
  readonly #request: PortalRequest;
  #wire: Wire | undefined;
  #read: RowReader | undefined;
  #rows: DatabaseRow[] = [];
  /** A complete batch that nobody has asked for yet. */
  #ready: readonly DatabaseRow[] | undefined;
  #waiting: PromiseWithResolvers<readonly DatabaseRow[] | undefined> | undefined;
  #suspended = false;
  #closed = false;
  #synced = false;
  #over = false;
  #failure: { readonly error: unknown } | undefined;
  readonly #end: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(request: PortalRequest) {
    this.#request = request;
  }

  submit(wire: Wire): void {
    this.#wire = wire;
    if (this.#closed) return this.#sync(wire);
    wire.stream.cork();
    try {
      wire.parse({ text: this.#request.text });
      wire.bind({ portal: name, values: this.#request.values });
      wire.describe({ type: "P", name });
      this.#fetch(wire);
    } finally {
      wire.stream.uncork();
    }
  }

  /** The next batch; undefined after the last. Rejects with pg's error, or with that of reading a value. */
  next(): Promise<readonly DatabaseRow[] | undefined> {
    const rows = this.#ready;
    this.#ready = undefined;
    if (this.#suspended && this.#wire !== undefined) this.#fetch(this.#wire);
    if (rows !== undefined) return Promise.resolve(rows);
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    if (this.#over) return Promise.resolve(undefined);
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  /** Resolves when the connection can be used for something else, or is lost. */
  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#over && this.#wire !== undefined) {
      // An Execute that is under way sends its rows first; they are passed over.
      this.#read = undefined;
      if (!this.#synced) this.#wire.close({ type: "P", name });
      this.#sync(this.#wire);
    }
    await this.#end.promise;
  }

  handleRowDescription(message: { readonly fields: readonly Field[] }): void {
    this.#read = rowReader(message.fields, this.#request.bigints);
  }

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    if (this.#read === undefined) return;
    try {
      this.#rows.push(this.#read(message.fields));
    } catch (error) {
      this.#read = undefined;
      this.#fail(error);
    }
  }

  handlePortalSuspended(wire: Wire): void {
    this.#deliver();
    if (this.#synced) return;
    this.#suspended = true;
    if (this.#ready === undefined) this.#fetch(wire);
  }

  handleCommandComplete(_message: unknown, wire: Wire): void {
    this.#deliver();
    this.#sync(wire);
  }

  handleEmptyQuery(wire: Wire): void {
    this.#sync(wire);
  }

  handleCopyInResponse(wire: Wire): void {
    wire.sendCopyFail("COPY from the client is not supported");
  }

  handleCopyData(): void {}

  handleReadyForQuery(): void {
    this.#finish();
  }

  /** After an error the server passes over everything up to a Sync. */
  handleError(error: unknown, wire: Wire): void {
    this.#sync(wire);
    const end = (): void => {
      this.#fail(error);
      this.#finish();
    };
    if (isServerError(error)) afterAnswer(wire, end);
    else end();
  }

  #fetch(wire: Wire): void {
    this.#suspended = false;
    wire.execute({ portal: name, rows: this.#request.batch });
    wire.flush();
  }

  /** Once: each Sync is answered, and an answer that nobody expects would be taken for that of the next statement. */
  #sync(wire: Wire): void {
    if (this.#synced) return;
    this.#synced = true;
    wire.sync();
  }

  #deliver(): void {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length === 0 || this.#read === undefined) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#ready = rows;
    else waiting.resolve(rows);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  #finish(): void {
    this.#over = true;
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
    this.#end.resolve();
  }
}
