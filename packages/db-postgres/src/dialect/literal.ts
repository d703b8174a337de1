import { quoteLiteral } from "@mortise/sql";

/**
 * A text literal that means the same whether `standard_conforming_strings` is on or off: backslashes stand only in
 * `E'…'`, where they are doubled. For places that take no bound value: defaults, labels, comments, bodies of DO.
 */
export function literal(text: string): string {
  if (!text.includes("\\")) return quoteLiteral(text);
  return `E${quoteLiteral(text.replaceAll("\\", "\\\\"))}`;
}
