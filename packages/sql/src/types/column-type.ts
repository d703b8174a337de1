/** A type of the definition language. `text` is what was written, trimmed: it goes into the column's marker. */
export type ColumnType = SimpleType | DatetimeType | TextType | DecimalType | EnumType | NativeType;

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

export interface DatetimeType {
  readonly kind: "core";
  readonly name: "datetime";
  /** Digits after the seconds; undefined for bare `datetime`. */
  readonly digits: number | undefined;
  readonly text: string;
}

export interface TextType {
  readonly kind: "core";
  readonly name: "char" | "varchar";
  /** In characters (code points). */
  readonly length: number;
  readonly text: string;
}

export interface DecimalType {
  readonly kind: "core";
  readonly name: "decimal";
  readonly precision: number;
  readonly scale: number;
  readonly text: string;
}

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
