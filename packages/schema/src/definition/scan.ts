/**
 * Index of the first of `stops` that is outside quotes, or -1. A quote runs to the next of its kind; a doubled one
 * (`'it''s'`) closes and opens at once, which comes to the same.
 */
export function findUnquoted(text: string, stops: string, from = 0): number {
  let quote = "";
  for (let index = from; index < text.length; index++) {
    const character = text.charAt(index);
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (stops.includes(character)) return index;
    else if (character === "'" || character === '"') quote = character;
  }
  return -1;
}

/** Index of the next character that is no white space; the length of the text where there is none. */
export function skipSpace(text: string, from: number): number {
  let index = from;
  while (/\s/.test(text.charAt(index))) index++;
  return index;
}

/** Whether a quote is opened and never closed; such a line can't be split at its colons. */
export function hasOpenQuote(text: string): boolean {
  let quote = "";
  for (const character of text) {
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || character === '"') quote = character;
  }
  return quote !== "";
}

/** Index of the `)` that closes the `(` at `open`, quotes and inner parentheses respected; -1 if there is none. */
export function closingParenthesis(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index !== -1; index = findUnquoted(text, "()", index + 1)) {
    depth += text.charAt(index) === "(" ? 1 : -1;
    if (depth === 0) return index;
  }
  return -1;
}

/** Splits at commas outside quotes and parentheses; the parts are trimmed. */
export function splitTopLevel(text: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let index = findUnquoted(text, "(),"); index !== -1; index = findUnquoted(text, "(),", index + 1)) {
    const character = text.charAt(index);
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}
