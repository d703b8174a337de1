import { isMortiseError, type Logger } from "@mortise/core";

/**
 * What a project without a `logger` uses: warnings to `console.warn`, one line each, so that none is lost because nobody
 * thought of a logger. Values that were refused or repaired are never part of a warning, nor are secrets.
 */
export const consoleLogger: Logger = {
  debug: () => undefined,
  warn(event, fields = {}) {
    const values = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`);
    console.warn(["mortise:", event, ...values].join(" "));
  },
};

/** Quoted where it would not read as one word: a line break in a message must not end the line. */
function shown(value: unknown): string {
  const text = value instanceof Error ? `${isMortiseError(value) ? value.code : value.name}: ${value.message}` : value;
  return typeof text === "string" && !/^[^\s"]+$/.test(text) ? JSON.stringify(text) : String(text);
}
