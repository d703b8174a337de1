import { DefinitionError, type DefinitionPosition } from "@mortise/core";
import { skipSpace } from "./scan.ts";
import { positionIn, type SourceLine } from "./source-line.ts";

/**
 * What can be wrong with a definition, as the `code` of a `DefinitionError`.
 *
 * | code | when |
 * |---|---|
 * | `syntax` | a line that is no attribute, foreign key or index |
 * | `invalid-name` | a name of an attribute, table or schema |
 * | `unknown-type`, `spelling`, `invalid-type` | a type that is not one |
 * | `unknown-codec`, `requires-store`, `circular-codec`, `invalid-codec` | a codec that is not there, or not in this way |
 * | `invalid-codec-spec`, `invalid-store-name` | what stands between the angle brackets |
 * | `invalid-default` | a default that the column can't have |
 * | `invalid-key` | an attribute or foreign key that can't be part of the key |
 * | `invalid-comment` | a comment that could not be read back |
 * | `duplicate-attribute` | two different declarations of one attribute |
 * | `unknown-reference`, `invalid-reference` | a foreign key whose parent is not known or can't be one |
 * | `invalid-index` | an index of columns that are not there |
 * | `name-too-long` | a table name longer than the database allows |
 * | `mismatch` | a definition that differs from the table in the database |
 */
export type DefinitionCode =
  | "syntax"
  | "invalid-name"
  | "unknown-type"
  | "spelling"
  | "invalid-type"
  | "unknown-codec"
  | "requires-store"
  | "circular-codec"
  | "invalid-codec"
  | "invalid-codec-spec"
  | "invalid-store-name"
  | "invalid-default"
  | "invalid-key"
  | "invalid-comment"
  | "duplicate-attribute"
  | "unknown-reference"
  | "invalid-reference"
  | "invalid-index"
  | "name-too-long"
  | "mismatch";

/** What is said about a problem besides its message. */
export interface ProblemDetails {
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** A definition error at a character of a line. */
export function lineProblem(
  line: SourceLine,
  offset: number,
  code: DefinitionCode,
  message: string,
  details: ProblemDetails = {},
): DefinitionError {
  return problemAt(positionIn(line, offset), undefined, code, message, details);
}

/** A definition error at a position; the message begins with the table, where it is known, and the position. */
export function problemAt(
  position: DefinitionPosition,
  table: string | undefined,
  code: DefinitionCode,
  message: string,
  details: ProblemDetails = {},
): DefinitionError {
  const place = `line ${position.line}, column ${position.column}`;
  const subject = table === undefined ? `definition, ${place}` : `definition of ${table}, ${place}`;
  const error = new DefinitionError(code, `${subject}: ${message}`, { ...position, table, ...details });
  bareMessages.set(error, message);
  return error;
}

/** Throws unless the line ends at `from`, but for a comment. */
export function expectEnd(line: SourceLine, from: number, after: string, hint?: string): void {
  const start = skipSpace(line.text, from);
  const rest = line.text.slice(start).trimEnd();
  if (rest === "" || rest.startsWith("#")) return;
  throw lineProblem(line, start, "syntax", `expected a comment or nothing after ${after}, found '${rest}'`, { hint });
}

/** A definition error of a whole table. */
export function tableProblem(
  table: string,
  code: DefinitionCode,
  message: string,
  details: ProblemDetails = {},
): DefinitionError {
  return new DefinitionError(code, `table ${table}: ${message}`, { table, ...details });
}

/** Messages without their place, so that they can be told again with the name of the table. */
const bareMessages = new WeakMap<DefinitionError, string>();

/** The same problem, told with the name of the table: lines are read without knowing whose they are. */
export function nameTable(error: unknown, table: string | undefined): unknown {
  if (table === undefined || !(error instanceof DefinitionError)) return error;
  const message = bareMessages.get(error);
  if (message === undefined || error.line === undefined || error.column === undefined) return error;
  const position = { line: error.line, column: error.column };
  return problemAt(position, table, error.code as DefinitionCode, message, { hint: error.hint, cause: error.cause });
}
