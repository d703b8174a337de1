import { QueryError } from "@mortise/core";

/** Shorter runs of digits are safe integers; they are the usual case, which is left to the parser alone. */
const manyDigits = /\d{16}/;
const integer = /^-?\d+$/;

/**
 * The value of JSON text that a database holds. Throws `QueryError` `out-of-range` for an integer that no JavaScript number
 * is equal to: other programs, Python among them, write those, and a rounded one would look like another id.
 */
export function parseJson(text: string): unknown {
  return (manyDigits.test(text) ? JSON.parse(text, checkInteger) : JSON.parse(text)) as unknown;
}

/** The third argument is what the text says; the declarations of the language don't know it yet. */
function checkInteger(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source ?? "";
  if (typeof value !== "number" || !integer.test(source)) return value;
  const exact = BigInt(source);
  if (Number.isFinite(value) && (BigInt(value) === exact || BigInt(written(value)) === exact)) return value;
  throw new QueryError(
    "out-of-range",
    `json holds the integer ${source.slice(0, 40)}, which no JavaScript number is equal to`,
    {
      hint: "leave the column out with proj(), or select it as text with sql`…`; store such numbers as text",
    },
  );
}

/** The digits that stand for `1e+300` where a database writes numbers without exponents, as PostgreSQL does. */
function written(value: number): string {
  const [digits = "", exponent = "0"] = String(value).split("e");
  const [whole = "", fraction = ""] = digits.split(".");
  return whole + fraction + "0".repeat(Math.max(0, Number(exponent) - fraction.length));
}
