/** What people write for a type, and what it is called here. */
const suggestions: readonly (readonly [RegExp, string])[] = [
  [/^<.*>$/, "this is a codec, not a type"],
  [/^(?:boolean|logical)$/i, "write bool"],
  [/^uint8$/i, "there are no unsigned types; int16 holds 0 to 255"],
  [/^uint16$/i, "there are no unsigned types; int32 holds 0 to 65535"],
  [/^uint(?:32|64)$/i, "there are no unsigned types; int64 holds 0 to 2^63-1"],
  [/^(?:double precision|number)$/i, "write float64"],
  [/^(?:decimal|numeric|number)\s*\(\s*(\d+)\s*\)$/i, "give both digits: decimal(p,0) for whole numbers"],
  [/^(?:decimal)$/i, "give the digits: decimal(p,s)"],
  [/^(?:binary|varbinary)\b/i, "write bytes, or uuid for 16 bytes"],
  [/^(?:blob|object|npy|attach|hash|filepath|zarr)(?:@.*)?$/i, "codecs stand in angle brackets: <blob>, <blob@store>"],
  [/^(?:string|char|varchar)$/i, "give the length: varchar(n)"],
  [/^(?:jsonb)$/i, "write json"],
  [/^(?:uuid4|guid)$/i, "write uuid"],
  [/^timestamptz$|^timestamp with/i, "write datetime(n); values are kept in UTC"],
  [/^set\b/i, "sets are not supported; use a part table, or json"],
];

const allowed =
  "allowed: int8 int16 int32 int64 float32 float64 bool uuid json bytes date datetime(n) char(n) varchar(n) decimal(p,s) enum('a','b'), or a codec <…>";

/** What to write instead of a type that is not known. */
export function unknownTypeHint(text: string): string {
  return suggestions.find(([pattern]) => pattern.test(text))?.[1] ?? allowed;
}
