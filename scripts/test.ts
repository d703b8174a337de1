// `npm test`: runs every test that this machine can run, says which it could not and why, and lists the covered cases.
// With CI=true a test that could not run is a failure. Arguments go to vitest; with any, the case list is not required.
// What needs DataJoint for Python is `npm run test:python`.
import { join } from "node:path";
import { coverage, describeCoverage } from "./test/cases.ts";
import { describeTotals, readColumns } from "./test/conformance.ts";
import { describeNotRun, notRunOf, runTests } from "./test/results.ts";

const filters = process.argv.slice(2);
const ci = process.env["CI"] === "true";
const everythingElse = filters.some((filter) => filter.startsWith("--project")) ? [] : ["--project", "!python"];
const { ok, outcomes } = await runTests([...everythingElse, ...filters]);

const passed = outcomes.filter((test) => test.status === "passed").length;
const notRun = notRunOf(outcomes);
const failed = outcomes.filter((test) => test.status === "failed").length + (ci ? notRun.length : 0);

let missing = 0;
if (filters.length === 0) {
  const coverages = await coverage(outcomes, join(import.meta.dirname, "../integration/cases.json"));
  console.log(`\n${describeCoverage(coverages)}`);
  // What a server that was not run misses counts below, as tests that were not run.
  missing = coverages.reduce((sum, { missing, run }) => sum + (run ? missing.length : 0), 0);
}
const columns = readColumns(outcomes);
if (columns.length > 0) console.log(`\nrules of the store contract, by store:\n${describeTotals(columns)}`);
console.log(describeNotRun(notRun, ci));
const broken = outcomes.length === 0 || !ok || failed > 0 || missing > 0;
console.log(`\n${passed} passed, ${failed + missing} failed`);
process.exitCode = broken ? 1 : 0;
