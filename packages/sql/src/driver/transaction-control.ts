import { QueryError } from "@mortise/core";
import { type CommentStyle, skipBlanks } from "./blanks.ts";

/** Sent as text, these would end a transaction behind the back of whoever keeps its state. */
const transactionControl =
  /(?:begin|commit|end|abort|xa|start\s+transaction|prepare\s+transaction|rollback(?!\s+(?:(?:transaction|work)\s+)?to\b)|set\b[^'"]*\bautocommit)\b/iy;
/** Outside a transaction, a savepoint begins one or is lost. */
const savepointControl = /(?:savepoint|release|rollback)\b/iy;

/** Databases differ in what they skip; a text is judged as each of them would read it. */
const styles: readonly CommentStyle[] = [{}, { nested: true }, { mysql: true }];

/** Whether some database could read `text` as a statement that begins with `pattern`, which is sticky. */
export function statementBegins(text: string, pattern: RegExp): boolean {
  return styles.some((style) => {
    pattern.lastIndex = skipBlanks(text, 0, style);
    return pattern.test(text);
  });
}

/** Throws `invalid-query` for a statement that begins or ends a transaction. */
export function refuseTransactionControl(text: string): void {
  if (!statementBegins(text, transactionControl)) return;
  throw new QueryError("invalid-query", `transactions are not begun or ended by a statement: ${text.trim()}`, {
    hint: "use begin() of the database, and commit() or rollback() of the session",
  });
}

/** Throws `invalid-query` for a statement about savepoints, which would leave a shared connection in a transaction. */
export function refuseSavepoints(text: string): void {
  if (!statementBegins(text, savepointControl)) return;
  throw new QueryError("invalid-query", `there is no transaction for this statement: ${text.trim()}`, {
    hint: "use begin() of the database, and savepoint() of the session",
  });
}
