import type { ColumnSpec, ColumnType, EnumType } from "@mortise/sql";
import { nativeFamily, needsBigint, parseColumnType } from "@mortise/sql";

/** The TypeScript types of a column's values, as text: what a fetch gives and what an insert takes. */
export interface ValueText {
  readonly fetch: string;
  readonly insert: string;
}

const same = (text: string): ValueText => ({ fetch: text, insert: text });
const bigint: ValueText = { fetch: "bigint", insert: "bigint | number" };
const decimal: ValueText = { fetch: "string", insert: "string | number | bigint" };
const time: ValueText = { fetch: "string", insert: "string | Date" };

type CoreName = Exclude<Extract<ColumnType, { readonly kind: "core" }>["name"], "enum">;

/** As in `types/value-types.ts`, which has the same for definitions that the compiler can read. */
const coreTypes: Readonly<Record<CoreName, ValueText>> = {
  int8: same("number"),
  int16: same("number"),
  int32: same("number"),
  int64: bigint,
  float32: same("number"),
  float64: same("number"),
  bool: { fetch: "boolean", insert: "boolean | 0 | 1" },
  uuid: same("string"),
  json: same("mortise.JsonValue"),
  bytes: same("Uint8Array"),
  date: time,
  datetime: time,
  char: same("string"),
  varchar: same("string"),
  decimal,
};

const families: Readonly<Record<ReturnType<typeof nativeFamily>, ValueText>> = {
  integer: same("number"),
  float: same("number"),
  decimal,
  text: same("string"),
  bytes: same("Uint8Array"),
  timestamp: time,
  time: same("string"),
  year: same("number"),
};

/** Types of columns without codec. */
export function valueText({ type }: Pick<ColumnSpec, "type">): ValueText {
  if (type.kind === "core") return type.name === "enum" ? enumText(type) : coreTypes[type.name];
  // A type that only the database knows comes as its driver delivers it.
  if (parseColumnType(type.text, { lenient: true }).type === undefined) return same("unknown");
  return needsBigint(type) ? bigint : families[nativeFamily(type)];
}

function enumText({ values }: EnumType): ValueText {
  return same(values.map((value) => JSON.stringify(value)).join(" | "));
}
