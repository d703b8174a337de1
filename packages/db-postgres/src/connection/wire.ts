import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";

/** A column of a result as the server describes it. */
export interface Field {
  readonly name: string;
  /** Object id of its type: fixed for built-in types (`pg_type.dat`), of the database's own making for enums. */
  readonly dataTypeID: number;
}

/** What a statement binds when it is sent: text in the server's form, or bytes. */
export type WireValue = string | Buffer | null;

/**
 * pg's low-level connection and the messages of the extended query protocol as it sends them
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY). pg's types know only a part of
 * it and ask for fields that its code does not.
 */
export interface Wire extends EventEmitter {
  readonly stream: Socket;
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
  parse(message: { readonly text: string }): void;
  bind(message: { readonly portal?: string; readonly values: readonly WireValue[] }): void;
  describe(message: { readonly type: "P"; readonly name?: string }): void;
  execute(message: { readonly portal?: string; readonly rows?: number }): void;
  close(message: { readonly type: "P"; readonly name: string }): void;
  flush(): void;
  sync(): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** What is used of pg's client; its types lack the connection below it and what a request to cancel needs. */
export interface WireClient {
  readonly connection: Wire;
  /** What a request to cancel names: as the server told it, or a pooler in its place. */
  readonly processID: number;
  readonly secretKey: number;
  on(event: "error" | "end", listener: (error?: Error) => void): void;
  connect(): Promise<unknown>;
  /** Runs anything that can be submitted. */
  query(statement: WireStatement): void;
  getTransactionStatus(): "I" | "T" | "E" | null;
  end(): Promise<void>;
  ref(): void;
  unref(): void;
}

/** A statement that reads its answer itself, as pg calls it; `pg-cursor` is one too. */
export interface WireStatement {
  submit(wire: Wire): void;
  handleRowDescription(message: { readonly fields: readonly Field[] }): void;
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void;
  handleCommandComplete(message: { readonly text: string }, wire: Wire): void;
  handleEmptyQuery(wire: Wire): void;
  handlePortalSuspended(wire: Wire): void;
  handleCopyInResponse(wire: Wire): void;
  handleCopyData(): void;
  handleReadyForQuery(): void;
  /** After an error pg hands over nothing more of this statement. */
  handleError(error: unknown, wire: Wire): void;
}

/**
 * Runs `then` when the server is done with a statement that has failed: only afterwards is known in what state the
 * failure has left the transaction.
 */
export function afterAnswer(wire: Wire, then: () => void): void {
  const settle = (): void => {
    wire.off("readyForQuery", settle);
    wire.off("end", settle);
    then();
  };
  wire.on("readyForQuery", settle);
  wire.on("end", settle);
}
