import { setTimeout as sleep } from "node:timers/promises";
import { QueryError } from "@mortise/core";
import type { PostgresConnection } from "./connection.ts";
import type { SessionIdentity } from "./set-up.ts";

/** Milliseconds that the server waits for the session to be gone before it answers. */
const patienceMs = 5_000;
const rounds = 6;

/** Only the session that began at that moment: the pid may be another's by now. */
const still = "from pg_stat_activity where pid = $1 and (extract(epoch from backend_start) * 1000000)::int8::text = $2";

/**
 * Ends a session on the server's side. Resolves when the server has none of this pid and start any more, so that its
 * transaction is committed or rolled back and its locks are free.
 *
 * @throws QueryError `access` if the role may not end it, `busy` if it does not end
 */
export async function terminateSession(by: PostgresConnection, { pid, start }: SessionIdentity): Promise<void> {
  const values = [String(pid), start];
  for (let round = 0; round < rounds; round += 1) {
    await by.execute({ text: `select pg_terminate_backend(pid, ${patienceMs}) ${still}`, values }, {});
    const { rows } = await by.execute({ text: `select 1 ${still}`, values }, {});
    if (rows.length === 0) return;
    await sleep(100);
  }
  throw new QueryError("busy", `the server did not end its session ${pid} within ${(patienceMs * rounds) / 1000} s`, {
    hint: "look at it in pg_stat_activity; it may be writing to a disk or a replica that does not answer",
  });
}
