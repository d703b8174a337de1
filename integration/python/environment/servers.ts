// The two databases that both languages open, in the containers of the database tests.
import type { TestServer } from "../../../packages/schema/test/database/provided.ts";
import { startMysql } from "../../databases/servers/mysql.ts";
import { startPostgres } from "../../databases/servers/postgres.ts";

/** Both servers, until they are stopped. */
export interface Servers {
  readonly servers: readonly TestServer[];
  readonly stop: () => Promise<void>;
}

/** Starts both at once; where one fails, the other is stopped and the failure is thrown. */
export async function startServers(): Promise<Servers> {
  const started = await Promise.allSettled([startMysql(), startPostgres()]);
  const running = started.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((each) => each[Symbol.asyncDispose]()));
  };
  for (const each of started) {
    if (each.status === "fulfilled") continue;
    await stop();
    throw each.reason;
  }
  return { servers: running.map(({ server }) => server), stop };
}
