/** A stored column comment, taken apart. */
export interface MarkedComment {
  /** The declared type: `int32`, `<blob@raw>`; undefined for native columns. */
  readonly marker: string | undefined;
  readonly comment: string;
}

/** The column comment that the Python library reads: `:int32:unique id`; the bare text without a marker (section 2.3). */
export function formatComment(marker: string | undefined, comment: string): string {
  return marker === undefined ? comment : `:${marker}:${comment}`;
}

/**
 * Takes a stored comment apart. `\"` is what the Python library stores for a quote on PostgreSQL, and is read as the
 * quote it meant; `plain` where it stands for itself, as on MySQL.
 */
export function parseComment(stored: string, quotes: "escaped" | "plain" = "escaped"): MarkedComment {
  const match = /^:([^:]+):([^\n]*)/.exec(stored);
  const text = match === null ? stored : (match[2] ?? "");
  const comment = quotes === "plain" ? text : text.replaceAll(String.raw`\"`, '"');
  return { marker: match?.[1]?.trim(), comment };
}
