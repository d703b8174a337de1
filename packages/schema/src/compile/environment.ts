import type { Dialect } from "@mortise/sql";
import type { TableBinding } from "../context.ts";
import type { Heading } from "../heading/heading.ts";

/** What one compilation knows: everything was read before, so that compiling needs no I/O. */
export interface Environment {
  readonly headings: ReadonlyMap<TableBinding, Heading>;
  readonly dialect: Dialect;
  /** A new name for a table or sub-select of the statement: `t0`, `t1`, … */
  alias(): string;
  /** Counts one bound value; throws where the database takes no more. */
  countParameter(): void;
  warn(message: string): void;
}
