import { isMortiseError, type ValueError, type ValueSite } from "@mortise/core";
import type { DialectTraits } from "../dialect.ts";
import { atSite, refuse } from "../errors.ts";
import type { ColumnType } from "../types/column-type.ts";
import { acceptBool } from "./bool.ts";
import { acceptBytes } from "./bytes.ts";
import { acceptDate } from "./date.ts";
import { datetimeAcceptor } from "./datetime.ts";
import { decimalAcceptor } from "./decimal.ts";
import { floatAcceptor } from "./float.ts";
import { acceptInt64, integerAcceptor } from "./integer.ts";
import { acceptJson } from "./json.ts";
import { nativeAcceptor } from "./native.ts";
import { enumAcceptor, textAcceptor } from "./text.ts";
import { acceptUuid } from "./uuid.ts";

/** What of a dialect decides which values a column takes. */
export type ValueTraits = Pick<DialectTraits, "nan" | "infinity">;

/** Turns what a user gave into the normal form of its column, or throws `ValueError`. Never given null. */
export type Acceptor = (value: unknown) => unknown;

/**
 * The check of one column, prepared once: what runs per value is only the check itself.
 *
 * @example
 * const accept = createAcceptor(column.type, database.dialect.traits);
 * for (const row of rows) row.count = accept(row.count);
 */
export function createAcceptor(type: ColumnType, traits: ValueTraits): Acceptor {
  const accept = type.kind === "native" ? nativeAcceptor(type, traits) : coreAcceptor(type, traits);
  return (value) => {
    if (value === undefined) {
      throw refuse(
        "wrong-type",
        `${type.text} got undefined`,
        "leave the attribute out, or give null where it is nullable",
      );
    }
    if (value === null) {
      throw refuse(
        "wrong-type",
        `${type.text} got null`,
        "null stands for the column's default and is decided before the type",
      );
    }
    return accept(value);
  };
}

function coreAcceptor(type: Exclude<ColumnType, { readonly kind: "native" }>, traits: ValueTraits): Acceptor {
  switch (type.name) {
    case "int8":
    case "int16":
    case "int32":
      return integerAcceptor(type.name);
    case "int64":
      return acceptInt64;
    case "float32":
    case "float64":
      return floatAcceptor(type.name, traits);
    case "bool":
      return acceptBool;
    case "uuid":
      return acceptUuid;
    case "json":
      return acceptJson;
    case "bytes":
      return acceptBytes;
    case "date":
      return acceptDate;
    case "datetime":
      return datetimeAcceptor(type.text, type.digits ?? 0);
    case "char":
    case "varchar":
      return textAcceptor(type);
    case "decimal":
      return decimalAcceptor(type);
    default:
      return enumAcceptor(type);
  }
}

/**
 * The normal form of one value, which `Dialect.toDatabase` takes and `fromDatabase` gives back:
 *
 * | type | accepted | normal form |
 * |---|---|---|
 * | int8, int16, int32 | whole numbers, `bigint` | `number` |
 * | int64 | safe whole numbers, `bigint` | `bigint` |
 * | float32, float64 | numbers | `number`, float32 rounded to single precision |
 * | bool | `true`, `false`, 1, 0 | `boolean` |
 * | decimal | decimal text, numbers, `bigint` that need no rounding | text with all digits of the scale |
 * | uuid | any text form | lower case with hyphens |
 * | date | `YYYY-MM-DD`, `Date` at midnight UTC | `YYYY-MM-DD` |
 * | datetime(n) | ISO text, with or without zone, `Date` | `YYYY-MM-DDTHH:MM:SS.f…`, UTC, n digits |
 * | char, varchar, enum | text | the same |
 * | json | what JSON can hold without loss | the same |
 * | bytes | `ArrayBuffer` and its views | `Uint8Array` on the same memory |
 *
 * @throws ValueError with a `ValueCode`; `site` goes into its message.
 */
export function acceptValue(type: ColumnType, value: unknown, traits: ValueTraits, site?: ValueSite): unknown {
  try {
    return createAcceptor(type, traits)(value);
  } catch (error) {
    if (site !== undefined && isMortiseError(error)) throw atSite(error as ValueError, site);
    throw error;
  }
}
