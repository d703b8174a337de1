/** A real WebDAV server for tests: Apache with mod_dav, as a plain process on a port of this machine. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const modules = ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules"].find((folder) => existsSync(folder));
const binary = ["apache2", "httpd", "/usr/sbin/apache2", "/usr/sbin/httpd"].find(
  (name) => spawnSync(name, ["-v"]).status === 0,
);

/** Whether the server can be started on this machine, and what to do where it can't. */
export const webdavServer = {
  met: binary !== undefined && modules !== undefined,
  reason: "needs Apache with mod_dav: apt-get install apache2-bin",
};

export interface WebdavServer {
  /** The folder that the server shows: the endpoint of a store. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** The same folder on the disk. */
  readonly folder: string;
  /** Ends the server and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** Starts a server with a folder of its own. Throws, with the way to install it, where there is none. */
export async function startWebdavServer(): Promise<WebdavServer> {
  if (binary === undefined || modules === undefined) throw new Error(`a WebDAV server ${webdavServer.reason}`);
  const home = await mkdtemp(join(tmpdir(), "mortise-webdav-"));
  const folder = join(home, "root", "dav");
  for (const path of [join(home, "root"), folder, join(home, "locks")]) await mkdir(path);
  // Root must give its rights away, and Apache then has to reach its folders as nobody.
  const root = process.getuid?.() === 0;
  if (root) for (const path of [folder, join(home, "locks")]) await chown(path, nobody, nobody);
  if (root) await chmod(home, 0o755);
  const [username, password] = ["lab", crypto.randomUUID()];
  await writeFile(join(home, "users"), `${username}:{SHA}${createHash("sha1").update(password).digest("base64")}\n`);
  const port = await freePort();
  await writeFile(join(home, "httpd.conf"), configuration(home, modules, port, root));

  const child = spawn(binary, ["-f", join(home, "httpd.conf"), "-DFOREGROUND"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-10_000)));
  const exited = once(child, "exit");
  const url = `http://127.0.0.1:${port}/dav`;
  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await exited;
    await rm(home, { recursive: true, force: true });
  }
  for (;;) {
    if (child.exitCode !== null) {
      const log = await readFile(join(home, "error.log"), "utf8").catch(() => "");
      await stop();
      throw new Error(`Apache ended before it answered: ${output}${log}`);
    }
    const answer = await fetch(url, { method: "OPTIONS" }).catch(() => undefined);
    if (answer !== undefined) return { url, username, password, folder, stop };
    await sleep(20);
  }
}

const nobody = 65_534;

/** Nothing but WebDAV: one folder, Basic authentication, no logs. mod_dir is there because every real server has it. */
function configuration(home: string, modules: string, port: number, root: boolean): string {
  const names = [
    "mpm_event",
    "authn_core",
    "authn_file",
    "authz_core",
    "authz_user",
    "auth_basic",
    "dir",
    "dav",
    "dav_fs",
  ];
  return `
ServerRoot "${home}"
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile "${home}/httpd.pid"
${names.map((name) => `LoadModule ${name}_module "${modules}/mod_${name}.so"`).join("\n")}
${root ? `User "#${nobody}"\nGroup "#${nobody}"` : ""}
ErrorLog "${home}/error.log"
LogLevel crit
Mutex "file:${home}/locks"
DocumentRoot "${home}/root"
DavLockDB "${home}/locks/dav"
StartServers 2
<Directory "${home}/root/dav">
  Dav On
  AllowOverride None
  AuthType Basic
  AuthName webdav
  AuthUserFile "${home}/users"
  Require valid-user
</Directory>
`;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
