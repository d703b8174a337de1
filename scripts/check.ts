// `npm run check`: everything that is looked at without running the product. Each command's own output is the report.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["types", "tsc", "-p", "."],
  ["isolated declarations", "tsc", "-p", "tsconfig.declarations.json"],
  ["format and import order", "biome", "ci", "."],
  ["lint", "oxlint", "--type-aware", "--deny-warnings"],
  ["unused files, exports and dependencies", "knip", "--no-config-hints", "--no-progress"],
  ["package sizes", "size-limit"],
];

let failures = 0;
for (const [name, command, ...args] of checks) {
  const started = performance.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (status !== 0) failures++;
}
process.exitCode = failures === 0 ? 0 : 1;
