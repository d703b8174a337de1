import type { RawClient } from "../lab/raw-client.ts";

/** Runs hand-written statements, one after the other. */
export async function execute(raw: RawClient, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await raw.query(statement);
}
