/** Where warnings and traces go; `fields` never hold secrets. */
export interface Logger {
  debug(event: string, fields?: object): void;
  warn(event: string, fields?: object): void;
}

/** Drops everything. */
export const silentLogger: Logger = { debug: () => undefined, warn: () => undefined };
