import { type ColumnType, parseColumnType } from "@mortise/sql";

/** The core types of what codecs store, by the server's name for them. */
const coreTypes: Readonly<Record<string, string>> = {
  tinyint: "int8",
  smallint: "int16",
  int: "int32",
  bigint: "int64",
  float: "float32",
  double: "float64",
  "binary(16)": "uuid",
  longblob: "bytes",
  // MariaDB's json is an alias, and no core type is a longtext.
  longtext: "json",
};

/** What the catalog says of a column's type. */
export interface StoredColumnType {
  /** `int(11) unsigned`, `enum('a','b')`. */
  readonly type: string;
  readonly isAutoIncrement: boolean;
  /** A longtext of MariaDB that only holds JSON. */
  readonly isJson: boolean;
}

/**
 * The type of a column: that of its marker, or what its codec stores, or the server's own. A type that nobody here knows
 * stays as the server writes it, so that its table can still be read.
 */
export function storedType(marker: string | undefined, stored: StoredColumnType): ColumnType {
  if (marker !== undefined && !marker.startsWith("<")) {
    const { type } = parseColumnType(marker, { lenient: true });
    if (type !== undefined) return type;
  }
  const bare = stored.isJson ? "json" : withoutWidth(stored.type);
  const text = stored.isAutoIncrement ? `${bare} auto_increment` : bare;
  const core = marker?.startsWith("<") === true ? coreTypes[bare] : undefined;
  const { type } = parseColumnType(core ?? text, { lenient: true });
  return type ?? { kind: "native", name: /^\w+/.exec(text)?.[0] ?? text, text };
}

/** How wide clients of old showed integers and years says nothing about their values; MySQL 8 has left it out. */
function withoutWidth(type: string): string {
  return type.replace(/^((?:tiny|small|medium|big)?int|year)\(\d+\)/, "$1");
}
