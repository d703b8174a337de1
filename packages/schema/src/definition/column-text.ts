import { type CodecSpec, isMortiseError, parseCodecSpec } from "@mortise/core";
import { type ColumnType, nativeFamily, parseColumnType } from "@mortise/sql";
import { type DefinitionCode, lineProblem } from "./problems.ts";
import type { SourceLine } from "./source-line.ts";

/** The type of an attribute line: of the database, or of a codec. */
export type ColumnText =
  | { readonly type: ColumnType; readonly codec?: undefined }
  | { readonly type?: undefined; readonly codec: CodecSpec };

/** Reads the type text of a line, at `offset` in it. The type keeps its spelling, which must be the canonical one. */
export function parseColumnText(line: SourceLine, offset: number, text: string): ColumnText {
  if (text.startsWith("<")) return { codec: parseCodec(line, offset, text) };
  const { type, problem } = parseColumnType(text);
  if (type !== undefined) return { type };
  throw lineProblem(line, offset, problem.code, problem.message, { hint: typeHint(text) ?? problem.hint });
}

/** Only the name and the store; whether there is such a codec depends on the project. */
function parseCodec(line: SourceLine, offset: number, text: string): CodecSpec {
  try {
    return parseCodecSpec(text);
  } catch (cause) {
    if (!isMortiseError(cause)) throw cause;
    throw lineProblem(line, offset, cause.code as DefinitionCode, cause.message, { hint: cause.hint, cause });
  }
}

/** `a : int32 = 5` is how other languages write it. */
function typeHint(text: string): string | undefined {
  const match = /^(?<type>[^=]*\S)\s*=\s*(?<value>.+)$/.exec(text)?.groups;
  if (match === undefined || text.startsWith("enum")) return undefined;
  return `the default stands before the type: name = ${match["value"]} : ${match["type"]}`;
}

/** Columns that no database can hold in a key: JSON, bytes, and whatever a codec makes of a value. */
export function isKeyless({ type }: ColumnText): boolean {
  if (type === undefined || type.name === "json" || type.name === "bytes") return true;
  return type.kind === "native" && nativeFamily(type) === "bytes";
}
