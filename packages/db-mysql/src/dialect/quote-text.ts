/**
 * A text literal for DDL: comments and defaults take neither bound values nor the hexadecimal form that inserts use.
 * Backslashes are doubled, because the session's SQL mode (set by us) reads them as escapes; quotes are doubled rather
 * than escaped, so that no text ends its literal in any mode.
 */
export function quoteText(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/** Four bytes in UTF-8: the catalogs of MySQL and MariaDB keep only three, and silently put a `?` in their place. */
const beyondCatalog = /[\u{10000}-\u{10ffff}]/u;

/** Whether the catalog shows the text as it was given. */
export function fitsCatalog(text: string): boolean {
  return !beyondCatalog.test(text);
}
