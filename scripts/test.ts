// `npm test`: runs every test that this machine can run, says which it could not and why, and lists the covered cases.
// With CI=true a test that could not run is a failure. Arguments go to vitest; with any, the case list is not required.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coverage, describeCoverage } from "./test/cases.ts";
import { readOutcomes } from "./test/results.ts";

const root = join(import.meta.dirname, "..");
const filters = process.argv.slice(2);
const ci = process.env["CI"] === "true";
const folder = await mkdtemp(join(tmpdir(), "mortise-test-"));
const report = join(folder, "report.json");

const vitest = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...filters,
  ],
  { cwd: root, stdio: "inherit" },
);

const outcomes = await readOutcomes(report).catch(() => []);
await rm(folder, { recursive: true, force: true });

const passed = outcomes.filter((test) => test.status === "passed").length;
const notRun = outcomes.filter((test) => test.status !== "passed" && test.status !== "failed");
const failed = outcomes.filter((test) => test.status === "failed").length + (ci ? notRun.length : 0);

let missing = 0;
if (filters.length === 0) {
  const coverages = await coverage(outcomes, join(root, "integration/cases.json"));
  console.log(`\n${describeCoverage(coverages)}`);
  missing = coverages.reduce((sum, { missing }) => sum + missing.length, 0);
}
if (notRun.length > 0) {
  console.log(
    `\n!!! ${notRun.length} tests could not be run on this machine${ci ? ", which is a failure with CI=true" : ""}:`,
  );
  for (const test of notRun) console.log(`!!!   ${test.name}`);
}
const broken = outcomes.length === 0 || vitest.status !== 0 || failed > 0 || missing > 0;
console.log(`\n${passed} passed, ${failed + missing} failed`);
process.exitCode = broken ? 1 : 0;
