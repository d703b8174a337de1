import type { Logger } from "@mortise/core";
import type { Intent } from "@mortise/sql";
import type { Spool } from "./spool.ts";
import type { StoreAccess } from "./store-access.ts";
import type { WriteUnit } from "./unit.ts";

/** What the encoders of one insert or update share. */
export interface ObjectWork {
  readonly unit: WriteUnit;
  readonly stores: StoreAccess;
  readonly spool: Spool;
  readonly logger: Logger;
  /** See `HashedWrite`. */
  readonly rehashBytes: number;
  /** Ends the uploads of this operation: the caller's signal, or the first failure. */
  readonly signal: AbortSignal;
  /** Every path handed out, by its reference: a plan that names another path is refused. */
  readonly issued: Map<string, Intent>;
  /** Schema-addressed paths of this operation, for W4 if it fails inside a transaction that goes on. */
  readonly ownIds: Set<string>;
  /** W1 for a path that was chosen after that of its batch. */
  protect(intent: Intent): Promise<void>;
  /** Told how many more bytes have been sent. */
  sent(bytes: number): void;
}

/** How `issued` names a reference. */
export function referenceKey(reference: { readonly store: string; readonly path: string }): string {
  return `${reference.store}\0${reference.path}`;
}
