/** An expression as MySQL's catalog shows it: it escapes the quotes of the text literals in it. */
export function withoutEscapes(shown: string): string {
  return shown.replaceAll(String.raw`\'`, "'");
}
