import type { InsertOptions } from "../types/index.ts";

/** What `insert` takes beyond its public options: ported code needs it, typed callers rarely. */
export interface AllInsertOptions extends InsertOptions {
  /** Lets rows into imported and computed tables, which otherwise only their computation fills. */
  readonly allowDirectInsert?: boolean | undefined;
  /** An existing row of the same key gets the values of the new one. */
  readonly replace?: boolean | undefined;
}
