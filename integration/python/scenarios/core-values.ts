// Values of every core type as Mortise takes and gives them, and as Python does.
import { type PythonValue, py } from "../client/values.ts";

/** One value in both languages. */
export interface CoreValue {
  /** What Mortise inserts and fetches. */
  readonly mortise: unknown;
  /** What Python inserts and fetches. */
  readonly python: PythonValue;
  /** What Python fetches, where a database makes it say something else than what was stored. */
  readonly pythonFetches?: { readonly [backend in "mysql" | "postgresql"]?: PythonValue };
}

const text = (value: string): CoreValue => ({ mortise: value, python: value });
const tree = (value: unknown, python = value as PythonValue): CoreValue => ({ mortise: value, python });
const bytes = (...values: readonly number[]): CoreValue => ({
  mortise: Uint8Array.from(values),
  python: py.bytes(Uint8Array.from(values)),
});
const bool = (value: boolean): CoreValue => ({
  mortise: value,
  python: value,
  // The column is a tinyint there, and the reader a generic one.
  pythonFetches: { mysql: value ? 1 : 0 },
});

/** By the type as a definition names it. */
export const coreValues: Readonly<Record<string, readonly CoreValue[]>> = {
  int8: [-128, 0, 127].map((value) => ({ mortise: value, python: value })),
  int16: [-32_768, 32_767].map((value) => ({ mortise: value, python: value })),
  int32: [-(2 ** 31), 2 ** 31 - 1].map((value) => ({ mortise: value, python: value })),
  int64: [-(2n ** 63n), -(2n ** 53n) - 1n, 2n ** 53n + 1n, 2n ** 63n - 1n].map((value) => ({
    mortise: value,
    python: py.int(value),
  })),
  float32: [
    { mortise: 1.5, python: py.float("1.5") },
    { mortise: Math.fround(0.1), python: py.float("0.1") },
    { mortise: -(2 ** -149), python: py.float("-1e-45"), pythonFetches: { mysql: py.float("-1.4013e-45") } },
    {
      mortise: 16_777_215,
      python: py.float("16777215.0"),
      // Of a float the server prints six digits to Python.
      pythonFetches: { mysql: py.float("16777200.0") },
    },
  ],
  float64: [
    { mortise: 0.1, python: py.float("0.1") },
    { mortise: -Number.MAX_VALUE, python: py.float("-1.7976931348623157e+308") },
    { mortise: Number.MIN_VALUE, python: py.float("5e-324") },
    { mortise: 2 ** 53 + 2, python: py.float("9007199254740994.0") },
  ],
  "decimal(20,5)": ["123456789012345.12345", "-0.00001", "0.00000", "2.50000"].map((value) => ({
    mortise: value,
    python: py.decimal(value === "-0.00001" ? "-0.00001" : value),
  })),
  bool: [bool(true), bool(false)],
  "char(8)": ["abcdefgh", "ünï🐭"].map((value) => ({
    ...text(value),
    pythonFetches: { postgresql: value.padEnd(value.length + 8 - Array.from(value).length) },
  })),
  "varchar(200)": [
    "",
    " x ",
    `it's "q" \`b\` \\ 100% %s {x} ; -- /* */`,
    "日本 🐭\n\té\u0301",
    "NULL",
    "\\N",
    "null",
  ].map(text),
  "enum('new','two words','ünï')": ["new", "two words", "ünï"].map(text),
  date: ["0001-01-01", "2024-02-29", "9999-12-31"].map((value) => ({ mortise: value, python: py.date(value) })),
  datetime: ["1000-01-01T00:00:00", "2024-03-31T02:30:00", "9999-12-31T23:59:59"].map((value) => ({
    mortise: value,
    python: py.datetime(value),
  })),
  "datetime(3)": [
    { mortise: "2024-01-02T03:04:05.120", python: py.datetime("2024-01-02T03:04:05.120000") },
    { mortise: "2024-01-02T03:04:05.000", python: py.datetime("2024-01-02T03:04:05") },
  ],
  "datetime(6)": [{ mortise: "9999-12-31T23:59:59.999999", python: py.datetime("9999-12-31T23:59:59.999999") }],
  json: [
    tree({}),
    tree([]),
    tree(
      { a: [1, 2.5, null, true, "ü🐭'\"\\"], "key with blank": { deep: [[[]]] } },
      {
        a: [1, py.float("2.5"), null, true, "ü🐭'\"\\"],
        "key with blank": { deep: [[[]]] },
      },
    ),
    tree([1, "1", false, -0.5, 9_007_199_254_740_991], [1, "1", false, py.float("-0.5"), 9_007_199_254_740_991]),
    tree(42),
    tree(true),
  ],
  bytes: [
    bytes(),
    bytes(0),
    bytes(0, 255, 10, 13, 39, 34, 92, 37, 26),
    bytes(...Array.from({ length: 256 }, (_, i) => i)),
  ],
};
