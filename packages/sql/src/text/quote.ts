/**
 * A text literal of standard SQL, for places that take no bound value (defaults, CHECK, comments). MySQL reads
 * backslashes as escapes, so its dialect has its own.
 */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name in standard SQL's quotes. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
