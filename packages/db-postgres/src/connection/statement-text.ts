import type { SqlText } from "@mortise/sql/server";

/** A statement as this driver sends it. */
export interface PostgresText extends SqlText {
  /** Its failure must leave an open transaction usable: it gets a savepoint, which costs no round trip. */
  readonly undoable?: boolean | undefined;
  /** `COPY … FROM STDIN` in place of the statement's own text, which then only says that it writes. */
  readonly copy?: CopyText | undefined;
}

/** https://www.postgresql.org/docs/current/sql-copy.html, text format. */
export interface CopyText {
  readonly text: string;
  /** What is copied, in pieces of any size. Called once per attempt. */
  data(): Iterable<string>;
  /** The same rows as INSERTs, made only for a table that refuses COPY. */
  otherwise(): readonly SqlText[];
}
