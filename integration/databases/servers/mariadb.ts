import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createServerFolder, freePort, program, serverUser, startProcess } from "./process.ts";
import { runProcess } from "./run-process.ts";
import { password, type RunningServer } from "./running-server.ts";

const executable = "/usr/sbin/mariadbd";
const name = "MariaDB 10.11";

/** What the machine needs for it. */
export const debianMariadb = program(executable, "mariadb-server");

/** Debian 12's own MariaDB as a plain process in a temporary folder, with no configuration file of the machine. */
export async function startMariadb(): Promise<RunningServer> {
  const user = serverUser("mysql");
  const folder = await createServerFolder(user);
  const data = join(folder, "data");
  execFileSync(
    "mariadb-install-db",
    ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", "--skip-test-db"],
    { ...user, cwd: folder, stdio: "pipe" },
  );
  // The tables come with users without a password, and with anonymous ones.
  const accounts = join(folder, "accounts.sql");
  writeFileSync(
    accounts,
    `create or replace user root@'127.0.0.1' identified by '${password}';
grant all on *.* to root@'127.0.0.1' with grant option;
drop user if exists root@localhost, ''@localhost;
`,
    { mode: 0o644 },
  );
  const port = await freePort();
  const running = startProcess(
    executable,
    [
      "--no-defaults",
      `--datadir=${data}`,
      `--socket=${join(folder, "socket")}`,
      `--pid-file=${join(folder, "pid")}`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      "--skip-name-resolve",
      "--character-set-server=utf8mb4",
      `--init-file=${accounts}`,
      "--innodb-flush-log-at-trx-commit=2",
      "--debug-no-sync",
    ],
    user,
    folder,
    "SIGTERM",
  );
  const server = { name, backend: "mysql", host: "127.0.0.1", port, user: "root", password } as const;
  return await runProcess(running, server, "SIGKILL");
}
