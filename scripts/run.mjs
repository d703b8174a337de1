// Entry of `npm run demo|test|test:python|conformance|build|check|format`: works on a machine that has only npm and an older Node. Installs the
// workspace where that is missing or out of date, then goes on with the Node 24 that the workspace brings.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = join(root, "node_modules", ".bin");
const stampFile = join(root, "node_modules", ".mortise-install");

/** Changes whenever an install would do something else. */
function stamp() {
  const hash = createHash("sha256");
  for (const name of ["pnpm-lock.yaml", "package.json", "pnpm-workspace.yaml"])
    hash.update(readFileSync(join(root, name)));
  return hash.digest("hex");
}

function run(command, args, env = process.env) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env, shell: process.platform === "win32" });
  if (result.error) {
    console.error(`${command}: ${result.error.message}`);
    process.exit(1);
  }
  if (result.signal) process.exit(1);
  return result.status ?? 1;
}

function install() {
  const wanted = stamp();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return;
  console.error("installing the workspace (pnpm and Node 24 come from npm) …");
  const status = run("npx", ["--yes", "pnpm@12", "install", "--frozen-lockfile", "--loglevel", "error"]);
  if (status !== 0) process.exit(status);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
}

/** The running Node where it is new enough, else the one that the install brought. */
function node() {
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  const local = join(bin, "node");
  if (existsSync(local)) return local;
  throw new Error(
    `Mortise needs Node 24 or newer; this is ${process.version}, and npm has none for ${process.platform}-${process.arch}`,
  );
}

const [task, ...args] = process.argv.slice(2);
install();
const executable = node();
const env = { ...process.env, PATH: [dirname(executable), bin, process.env.PATH].join(delimiter) };
process.exit(run(executable, [join(root, "scripts", `${task}.ts`), ...args], env));
