import type { HashMetadata, ObjectKey, ObjectStore } from "@mortise/core";
import { type Intent, newWriterId } from "@mortise/sql";
import type { Heartbeat } from "./heartbeat.ts";

/** A schema-addressed object of this process: nobody else knows its token, so its maker may delete it after a rollback. */
export interface OwnObject {
  /** `hashKey` of the registered path. */
  readonly id: string;
  readonly store: ObjectStore;
  /** Every key whose `put` was begun, finished or not. */
  readonly keys: Set<ObjectKey>;
}

/** Intents in the ledger, and under whose id. */
export interface RegisteredIntents {
  readonly schema: string;
  readonly writer: Uint8Array;
  /** By `hashKey`. */
  readonly intents: ReadonlyMap<string, Intent>;
}

/** What a unit has sent and spared, for the summary of an insert. */
export interface WriteTotals {
  uploaded: number;
  deduplicated: number;
  /** Corrupt objects that were replaced by what their name promises. */
  repaired: number;
  bytes: number;
}

/**
 * What one COMMIT makes good: the paths registered under one writer id, what the ledger said of them, and the objects
 * that have to go if the commit does not happen. A user's transaction has one per schema, an insert of its own one.
 */
export class WriteUnit {
  readonly schema: string;
  /** Registered in this attempt, by `hashKey`. */
  readonly intents: Map<string, Intent> = new Map();
  /** Paths that the ledger mistrusts: uploaded again even though an object may be there. */
  readonly certain: Set<string> = new Set();
  /** Those of them whose upload succeeded in this attempt: only now is what the ledger says of them outdated. */
  readonly healed: Set<string> = new Set();
  /** Hash-addressed writes of this attempt: a second row with the same content waits for the first and sends nothing. */
  readonly hashWrites: Map<string, Promise<HashMetadata>> = new Map();
  readonly own: Map<string, OwnObject> = new Map();
  /** Paths where a write was begun, finished or not: after a failure only these may hold anything. */
  readonly begun: Set<string> = new Set();
  totals: WriteTotals = { uploaded: 0, deduplicated: 0, repaired: 0, bytes: 0 };
  /** Runs from the first registered intent until W3. */
  heartbeat: Heartbeat | undefined;
  /** After a COMMIT whose answer was lost nothing is deleted: the rows may be there. */
  ambiguous = false;
  #writer: Uint8Array = newWriterId();

  constructor(schema: string) {
    this.schema = schema;
  }

  get writer(): Uint8Array {
    return this.#writer;
  }

  /**
   * Begins again under a new writer id. Own objects stay and are overwritten: deleting them here and writing the same
   * path again would let a delete that the store executes late remove the new object.
   *
   * @returns what is registered until now
   */
  restart(): RegisteredIntents {
    const { schema, writer } = this;
    const earlier = { schema, writer, intents: new Map(this.intents) };
    this.#writer = newWriterId();
    this.intents.clear();
    this.certain.clear();
    this.healed.clear();
    this.hashWrites.clear();
    // `begun` stays: what an earlier attempt left is still there.
    this.totals = { uploaded: 0, deduplicated: 0, repaired: 0, bytes: 0 };
    return earlier;
  }
}
