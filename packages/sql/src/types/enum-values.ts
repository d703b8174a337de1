/**
 * The values between the parentheses of `enum(…)`, or what is wrong with them. Quotes are doubled inside a value
 * (`'it''s'`); backslashes are refused, because MySQL reads them as escapes and PostgreSQL does not.
 */
export function parseEnumValues(text: string): readonly string[] | string {
  const values: string[] = [];
  let rest = text.trim();
  for (;;) {
    const match = /^(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)")\s*(,|$)\s*/.exec(rest);
    if (match === null) return `expected a quoted value at ${JSON.stringify(rest.slice(0, 20))}`;
    const value = match[1]?.replaceAll("''", "'") ?? match[2]?.replaceAll('""', '"') ?? "";
    const problem = valueProblem(value, values);
    if (problem !== undefined) return problem;
    values.push(value);
    rest = rest.slice(match[0].length);
    if (match[3] !== ",") return values;
  }
}

function valueProblem(value: string, earlier: readonly string[]): string | undefined {
  const shown = JSON.stringify(value);
  if (earlier.includes(value)) return `the value ${shown} appears twice`;
  // The marker `:type:comment` ends its type at the first colon, so such an enum could not be read back.
  if (value.includes(":")) return `the value ${shown} has a colon, which column comments can't keep`;
  if (value.includes("\\")) return `the value ${shown} has a backslash, which databases read differently`;
  if (value.endsWith(" ")) return `the value ${shown} ends with a space, which MySQL removes`;
  return undefined;
}
