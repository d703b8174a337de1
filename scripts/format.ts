// `npm run format`: rewrites the sources in the house's format.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const { status } = spawnSync("biome", ["check", "--write", "."], {
  cwd: join(import.meta.dirname, ".."),
  stdio: "inherit",
});
process.exitCode = status ?? 1;
