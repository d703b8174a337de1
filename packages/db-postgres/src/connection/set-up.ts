import { ConfigError } from "@mortise/core";
import { RunningStatement } from "./running-statement.ts";
import type { WireClient } from "./wire.ts";

/** What the server says of a session. */
export interface SessionIdentity {
  readonly pid: number;
  /** Microseconds since 1970 at which it began: a pid is used again, a pid with its start is not. */
  readonly start: string;
}

/**
 * Everything in one round trip. What a role or database has set otherwise would change the text of values (DateStyle,
 * IntervalStyle, bytea_output) and of types and defaults (quote_all_identifiers), their digits (extra_float_digits), the
 * meaning of CURRENT_TIMESTAMP (TimeZone), or of a backslash in a comment (standard_conforming_strings), or would let rows
 * refer to none (session_replication_role, which only some roles may set, so it is left alone where it is right). Time
 * limits and isolation stay as the server has them.
 */
const setUp = `select pg_backend_pid() as pid,
  (select (extract(epoch from backend_start) * 1000000)::int8::text from pg_stat_get_activity(pg_backend_pid())) as start,
  current_setting('server_encoding') as encoding,
  set_config('TimeZone', 'UTC', false),
  set_config('DateStyle', 'ISO', false),
  set_config('IntervalStyle', 'postgres', false),
  set_config('bytea_output', 'hex', false),
  set_config('extra_float_digits', '1', false),
  set_config('standard_conforming_strings', 'on', false),
  set_config('quote_all_identifiers', 'off', false),
  case current_setting('session_replication_role') when 'replica'
    then set_config('session_replication_role', 'origin', false) end`;

/** Prepares a new session. Throws pg's errors, and `ConfigError` `database-encoding`. */
export async function setUpSession(client: WireClient, place: string): Promise<SessionIdentity> {
  const statement = new RunningStatement(setUp, []);
  client.query(statement);
  const { rows } = await statement.result;
  const { pid, start, encoding } = rows[0] as {
    readonly pid: number;
    readonly start: string;
    readonly encoding: string;
  };
  if (encoding === "SQL_ASCII") {
    throw new ConfigError("database-encoding", `the database of ${place} stores bytes of any encoding (SQL_ASCII)`, {
      hint: "text could not be read back for certain; create a database with ENCODING 'UTF8' TEMPLATE template0",
    });
  }
  return { pid, start };
}
