// `npm run build`: JavaScript by tsup through turbo, declarations by one run of tsc, put where each package expects them.
import { spawnSync } from "node:child_process";
import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const declarations = join(root, ".declarations");

function run(command: string, ...args: readonly string[]): void {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" },
  });
  if (status !== 0) process.exit(status ?? 1);
}

run("turbo", "run", "build", "--output-logs=errors-only");
await rm(declarations, { recursive: true, force: true });
run("tsc", "-p", "tsconfig.declarations.json");
for (const name of await readdir(declarations)) {
  await cp(join(declarations, name, "src"), join(root, "packages", name, "dist"), { recursive: true });
}
