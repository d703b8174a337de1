/** What a JSON column holds. `undefined`, functions and dates are not JSON: they are refused, not converted. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** The two TypeScript types of a column: what a fetch gives and what an insert takes. */
export interface ValueTypes {
  readonly fetch: unknown;
  readonly insert: unknown;
}

/** A column that can be part of a key. */
interface Values<Fetch, Insert = Fetch> {
  readonly fetch: Fetch;
  readonly insert: Insert;
}

/** Types that databases can't index as a whole, so that they can't be part of a key. */
interface KeylessValues<Fetch, Insert = Fetch> extends Values<Fetch, Insert> {
  readonly keyless: true;
}

/** The types of the definition language that have no parameters. */
export interface CoreTypes {
  int8: Values<number>;
  int16: Values<number>;
  int32: Values<number>;
  /** Safe integers are accepted as numbers; fetched always as `bigint`, because a number would lose digits silently. */
  int64: Values<bigint, bigint | number>;
  float32: Values<number>;
  float64: Values<number>;
  bool: Values<boolean, boolean | 0 | 1>;
  uuid: Values<string>;
  json: KeylessValues<JsonValue>;
  bytes: KeylessValues<Uint8Array>;
  /** `2024-01-15`. A `Date` is read as UTC and must be a midnight. */
  date: Values<string, string | Date>;
  /** Zone-less ISO text with as many digits after the seconds as the column has. A `Date` is read as UTC. */
  datetime: Values<string, string | Date>;
}

/** Text; lengths count characters, not bytes. */
export type TextValues = Values<string>;

/** Exact decimal text in both directions; a number is accepted when it has no more digits than the column. */
export type DecimalValues = Values<string, string | number | bigint>;

/** One of the values that the definition lists. */
export type EnumValues<V> = Values<V>;

/** A codec that is not known to the type system. */
export type UnknownValues = KeylessValues<unknown>;

/** A codec column. */
export type CodecValues<Out, In> = KeylessValues<Out, In>;

/** Types that go to the database as written; `never` for a word that no supported database knows. */
export type NativeValues<Word extends string> = Word extends
  | "tinyint"
  | "smallint"
  | "mediumint"
  | "int"
  | "integer"
  | "serial"
  | "double"
  | "float"
  | "real"
  | "year"
  ? Values<number>
  : Word extends "bigint"
    ? CoreTypes["int64"]
    : Word extends "numeric"
      ? DecimalValues
      : Word extends "tinyblob" | "smallblob" | "mediumblob" | "longblob"
        ? CoreTypes["bytes"]
        : Word extends "text" | "tinytext" | "smalltext" | "mediumtext" | "longtext" | "time"
          ? TextValues
          : Word extends "timestamp"
            ? CoreTypes["datetime"]
            : never;
