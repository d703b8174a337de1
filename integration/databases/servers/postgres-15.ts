import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createServerFolder, freePort, program, serverUser, startProcess } from "./process.ts";
import { runProcess } from "./run-process.ts";
import { password, type RunningServer } from "./running-server.ts";

const bin = "/usr/lib/postgresql/15/bin";
const name = "PostgreSQL 15";

/** What the machine needs for it. */
export const debianPostgres = program(join(bin, "postgres"), "postgresql");

/** Debian 12's own PostgreSQL as a plain process in a temporary folder. */
export async function startPostgres15(): Promise<RunningServer> {
  const user = serverUser("postgres");
  const folder = await createServerFolder(user);
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o644 });
  const data = join(folder, "data");
  const options = ["-D", data, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const locale = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
  execFileSync(join(bin, "initdb"), [...options, ...locale], { ...user, cwd: folder, stdio: "pipe" });
  const port = await freePort();
  const settings = [`port=${port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`, "fsync=off"];
  // SIGINT: connections are ended, the data is kept in order.
  const running = startProcess(
    join(bin, "postgres"),
    ["-D", data, ...settings.flatMap((setting) => ["-c", setting])],
    user,
    folder,
    "SIGINT",
  );
  const server = { name, backend: "postgresql", host: "127.0.0.1", port, user: "postgres", password } as const;
  // SIGQUIT ends all of its processes at once, as a crash; after SIGKILL the others would go on for a while.
  return await runProcess(running, server, "SIGQUIT");
}
