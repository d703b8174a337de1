import { QueryError } from "@mortise/core";
import type { Executor } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";

/** The two clocks tick alike; this is for what happens between the reading of one and the other. */
const leewayMs = 1_000;

/**
 * Throws `QueryError` `database` where the server has crashed since the writer's id was made. Its intents were not waited
 * for on their way to the disk: a crash may have taken them together with the COMMIT that would have deleted them, so that
 * nothing follows from their absence. A crash makes the server begin its statistics anew, a regular restart keeps them
 * (https://www.postgresql.org/docs/current/monitoring-stats.html); who resets them by hand causes a doubt, no more.
 */
export async function requireNoCrash(executor: Executor, writer: Uint8Array): Promise<void> {
  const lived = Date.now() - bornAt(writer) + leewayMs;
  const { rows } = await executor.execute<{ readonly reset: boolean }>(
    sql`select coalesce(clock_timestamp() - stats_reset < ${lived}::float8 * interval '1 millisecond', false) as reset
      from pg_stat_bgwriter`,
  );
  if (rows[0]?.reset !== true) return;
  throw new QueryError(
    "database",
    "the server may have lost intents in a crash: what they say of a COMMIT is in doubt",
    {
      hint: "look for the rows",
    },
  );
}

/** Milliseconds since 1970, by this program's clock: the first six bytes of a UUID of version 7. */
function bornAt(writer: Uint8Array): number {
  return writer.subarray(0, 6).reduce((time, byte) => time * 256 + byte, 0);
}
