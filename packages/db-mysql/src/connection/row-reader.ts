import type { DatabaseRow } from "@mortise/sql";
import type { FieldPacket } from "mysql2";
import { rowFinisher } from "./rows.ts";

/** The events of mysql2's commands, which its types leave to `any`. */
export interface CommandEvents {
  on(event: "fields", listener: (fields: readonly FieldPacket[] | undefined) => void): unknown;
  on(event: "result", listener: (row: DatabaseRow) => void): unknown;
  on(event: "error", listener: (error: unknown) => void): unknown;
  on(event: "end", listener: () => void): unknown;
}

/** What stops and starts the flow of rows. */
interface Flow {
  pause(): void;
  resume(): void;
}

/** Batches that wait for the reader before the socket is paused. */
const ahead = 2;

/**
 * Turns the rows that mysql2 emits into batches. Rows stop coming while batches wait, so that memory does not grow with
 * the result; the server then waits, too.
 */
export class RowReader {
  readonly #flow: Flow;
  readonly #size: number;
  readonly #batches: DatabaseRow[][] = [];
  #current: DatabaseRow[] = [];
  #finish: ((row: DatabaseRow) => void) | undefined;
  #hasRows = false;
  #ended = false;
  #discarding = false;
  #error: { readonly reason: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(
    command: CommandEvents,
    flow: Flow,
    { batch, bigints = false }: { readonly batch: number; readonly bigints?: boolean | undefined },
  ) {
    this.#flow = flow;
    this.#size = batch;
    command.on("fields", (fields) => {
      // What has no columns emits its header in place of rows.
      this.#hasRows = fields !== undefined;
      this.#finish = fields === undefined ? undefined : rowFinisher(fields, bigints);
    });
    command.on("result", (row) => this.#add(row));
    command.on("error", (error) => this.fail(error));
    command.on("end", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** Ends the read with an error, after the batches that have come. */
  readonly fail = (reason: unknown): void => {
    this.#error ??= { reason };
    this.#wake();
  };

  async *batches(): AsyncGenerator<readonly DatabaseRow[], void, undefined> {
    for (;;) {
      const batch = this.#batches.shift();
      if (batch !== undefined) {
        if (this.#batches.length < ahead && !this.#ended) this.#flow.resume();
        yield batch;
      } else if (this.#error !== undefined) throw this.#error.reason;
      else if (this.#ended) break;
      else await this.#next();
    }
    if (this.#current.length > 0) yield this.#current;
  }

  /** Throws away what still comes; whether it ended within the time, and the connection may be used again. */
  async drained(timeoutMs: number): Promise<boolean> {
    this.#discarding = true;
    this.#batches.length = 0;
    if (!this.#ended && this.#error === undefined) {
      const late = setTimeout(() => this.fail(undefined), timeoutMs);
      this.#flow.resume();
      await this.#next();
      clearTimeout(late);
    }
    return this.#ended;
  }

  #add(row: DatabaseRow): void {
    if (this.#discarding || this.#error !== undefined || !this.#hasRows) return;
    try {
      this.#finish?.(row);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.#current.push(row);
    if (this.#current.length < this.#size) return;
    this.#batches.push(this.#current);
    this.#current = [];
    if (this.#batches.length >= ahead) this.#flow.pause();
    this.#wake();
  }

  #next(): Promise<void> {
    if (this.#ended || this.#error !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
