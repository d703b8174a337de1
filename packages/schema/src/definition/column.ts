import { type CodecChain, isMortiseError, type Registry, resolveCodecChain } from "@mortise/core";
import { type ColumnType, parseColumnType } from "@mortise/sql";
import type { AttributeLine } from "./ast.ts";
import { type DefinitionCode, problemAt } from "./problems.ts";

/** An attribute line with its codec followed to the type of the column. */
export interface ResolvedColumn {
  readonly type: ColumnType;
  readonly codec?: CodecChain | undefined;
  /** What stands between the colons of the column's comment; native types have none. */
  readonly marker: string | undefined;
}

/**
 * The column of an attribute line. The store of a codec need not be configured: a definition is valid where only some
 * of its stores can be reached, and inserting tells.
 *
 * Throws `DefinitionError` at the line for a codec that is not there or not in this way.
 */
export function resolveColumn(line: AttributeLine, registry: Registry, table: string): ResolvedColumn {
  if (line.type !== undefined) {
    return { type: line.type, marker: line.type.kind === "native" ? undefined : line.typeText };
  }
  const codec = followCodec(line, registry, table);
  const { type, problem } = parseColumnType(codec.storage);
  if (type === undefined) {
    throw problemAt(
      line.position,
      table,
      "invalid-codec",
      `${line.typeText} stores ${codec.storage}: ${problem.message}`,
      {
        hint: "a codec stores bytes, json or what another codec makes of it",
      },
    );
  }
  return { type, codec, marker: line.typeText };
}

/** The codec's own errors know nothing of definitions; here they get the line they belong to. */
function followCodec(line: AttributeLine, registry: Registry, table: string): CodecChain {
  try {
    return resolveCodecChain(line.codec ?? line.typeText, (name) => registry.codec(name));
  } catch (cause) {
    if (!isMortiseError(cause)) throw cause;
    throw problemAt(line.position, table, cause.code as DefinitionCode, `${line.name}: ${cause.message}`, {
      hint: cause.hint,
      cause,
    });
  }
}
