import { type ColumnDefault, currentTimestampDigits } from "@mortise/sql";
import { lineProblem } from "./problems.ts";
import type { SourceLine } from "./source-line.ts";

/**
 * What the text between `=` and `:` means. Unquoted `null` makes the attribute nullable, `CURRENT_TIMESTAMP` with or
 * without precision is SQL, everything else is a value: quoted or, for numbers and bare words, not. Values are kept as text; whether the type
 * takes them is checked when the type is known.
 */
export function parseDefault(line: SourceLine, offset: number, text: string): ColumnDefault {
  if (text === "") {
    throw lineProblem(line, offset, "syntax", "the default after '=' is missing", {
      hint: "write a value, or null for a nullable attribute",
    });
  }
  if (text.toLowerCase() === "null") return { kind: "null" };
  if (currentTimestampDigits(text) !== undefined) return { kind: "sql", text };
  const first = text.charAt(0);
  if (first !== "'" && first !== '"') return { kind: "literal", text };
  const inner = quotedValue(text, first);
  if (inner === undefined) {
    throw lineProblem(line, offset, "invalid-default", `the default ${text} is not one quoted value`, {
      hint: `double a ${first} inside the value, or use the other kind of quotes`,
    });
  }
  return { kind: "literal", text: inner };
}

/** The value of a quoted text, doubled quotes undone; undefined when the quotes end before the text does. */
function quotedValue(text: string, quote: string): string | undefined {
  const inner = text.slice(1, -1);
  if (text.length < 2 || !text.endsWith(quote)) return undefined;
  return inner.replaceAll(quote + quote, "").includes(quote) ? undefined : inner.replaceAll(quote + quote, quote);
}
