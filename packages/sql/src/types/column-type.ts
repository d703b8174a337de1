/** A type of the definition language. `text` is what was written, trimmed: it goes into the column's marker. */
export type ColumnType = SimpleType | DatetimeType | TextType | DecimalType | EnumType | NativeType;

/** A type without arguments. `bool` is 0 and 1 where a database has no truth values; `json` is any JSON but null. */
export interface SimpleType {
  readonly kind: "core";
  readonly name:
    | "int8"
    | "int16"
    | "int32"
    | "int64"
    | "float32"
    | "float64"
    | "bool"
    | "uuid"
    | "json"
    | "bytes"
    | "date";
  readonly text: string;
}

/** A point in time without zone, by agreement in UTC. */
export interface DatetimeType {
  readonly kind: "core";
  readonly name: "datetime";
  /** Digits after the seconds; undefined for bare `datetime`. */
  readonly digits: number | undefined;
  readonly text: string;
}

/** Text up to a length. A `char` loses spaces at its end on MySQL, so that values with them are refused. */
export interface TextType {
  readonly kind: "core";
  readonly name: "char" | "varchar";
  /** In characters (code points). */
  readonly length: number;
  readonly text: string;
}

/** An exact number of `precision` digits, `scale` of them after the point. Users see it as text. */
export interface DecimalType {
  readonly kind: "core";
  readonly name: "decimal";
  readonly precision: number;
  readonly scale: number;
  readonly text: string;
}

/** One of a few texts. The order written is the order of the database's own type, where it has one. */
export interface EnumType {
  readonly kind: "core";
  readonly name: "enum";
  readonly values: readonly string[];
  readonly text: string;
}

/** Passed to the database as written; no marker. */
export interface NativeType {
  readonly kind: "native";
  /** The first word, lower case: `tinyint`, `timestamp`, `longblob`. */
  readonly name: string;
  readonly text: string;
}
