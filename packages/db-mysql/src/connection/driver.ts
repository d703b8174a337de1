import { setTimeout } from "node:timers/promises";
import { ConfigError, QueryError } from "@mortise/core";
import type { Statement } from "@mortise/sql";
import { statementCompiler } from "@mortise/sql/driver";
import { connectWithTls, type ServerDriver, type ServerSettings } from "@mortise/sql/server";
import { MysqlQueryCompiler } from "kysely";
import { hasNoTls, translateRefusal } from "../errors.ts";
import { connectOnce } from "./connect.ts";
import type { MysqlConnection } from "./connection.ts";
import { parseId } from "./session-setup.ts";

/** Statements, by their first words, with which MySQL commits the open transaction. */
const commitsImplicitly =
  /(?:create(?!\s+temporary)|alter|drop(?!\s+temporary)|truncate|rename|grant|revoke|analyze|optimize|repair|check\s+table|cache|flush|reset|install|uninstall|lock\s+(?:table|instance)|unlock|begin|start\s+(?:transaction|replica|slave)|stop\s+(?:replica|slave)|change\s+(?:replication|master)|load\s+index|set\s+password|import|clone)\b/iy;

const compiler = statementCompiler(new MysqlQueryCompiler());

/** How long a terminated connection may take to roll back, in milliseconds. */
const terminateMs = 30_000;
const pollMs = 20;

/** What `serverDatabase` needs of MySQL and MariaDB. */
export function mysqlDriver(settings: ServerSettings): ServerDriver {
  const connect = async (signal: AbortSignal | undefined): Promise<MysqlConnection> => {
    try {
      return await connectWithTls(settings, (tls) => connectOnce(settings, tls, signal), hasNoTls);
    } catch (error) {
      throw translateRefusal(error, settings.place);
    }
  };
  return {
    backend: "mysql",
    place: settings.place,
    transactions: {
      begin: ["START TRANSACTION"],
      // READ COMMITTED, the session's level, has no snapshot to be consistent with.
      beginReadOnly: [
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        "START TRANSACTION WITH CONSISTENT SNAPSHOT",
      ],
      commitsImplicitly,
    },
    compile: (statement) => compiler(statement as Statement),
    connect,
    async cancel(id) {
      await using helper = disposable(await connect(undefined));
      if (await isHeld(helper.connection, id)) await kill(helper.connection, "QUERY", id);
    },
    async terminate(id) {
      await using helper = disposable(await connect(undefined));
      const deadline = performance.now() + terminateMs;
      for (;;) {
        // The lock is freed after the rollback, so whoever reads from now on reads what stays.
        if (!(await isHeld(helper.connection, id))) return;
        await kill(helper.connection, "CONNECTION", id);
        if (performance.now() > deadline) break;
        await setTimeout(pollMs);
      }
      throw new QueryError("busy", `connection ${parseId(id).thread} did not end within ${terminateMs} ms`, {
        hint: "the server may still be rolling its transaction back: try again",
      });
    },
  };
}

function disposable(connection: MysqlConnection): AsyncDisposable & { readonly connection: MysqlConnection } {
  return { connection, [Symbol.asyncDispose]: () => connection.close() };
}

/** Whether the connection is still there, and not another one of the same number after a restart of the server. */
async function isHeld(helper: MysqlConnection, id: string): Promise<boolean> {
  const { thread, lock } = parseId(id);
  const { rows } = await helper.execute({ text: "SELECT IS_USED_LOCK(?) AS holder", values: [lock] }, {});
  return rows[0]?.["holder"] === thread;
}

async function kill(helper: MysqlConnection, what: "QUERY" | "CONNECTION", id: string): Promise<void> {
  const { thread } = parseId(id);
  if (!Number.isSafeInteger(thread)) throw new ConfigError("database-settings", `${id} is no id of a connection`);
  try {
    await helper.execute({ text: `KILL ${what} ${thread}`, values: [] }, {});
  } catch (error) {
    // It has ended by itself in between.
    if ((error as { cause?: { errno?: number } }).cause?.errno !== 1094) throw error;
  }
}
