// `npm run test:python [-- <files>]`: DataJoint for Python and Mortise on the same databases and stores, as one table. Makes
// the virtual environment and starts the servers. Without Python or a Docker engine it says so, and fails with CI=true.
import { describeScenarios, describeVersions } from "./test/python.ts";
import { describeNotRun, notRunOf, runTests } from "./test/results.ts";

const ci = process.env["CI"] === "true";
const { ok, outcomes } = await runTests(["--project", "python", ...process.argv.slice(2)]);
const passed = outcomes.filter(({ status }) => status === "passed").length;
const failures = outcomes.filter(({ status }) => status === "failed");
const notRun = notRunOf(outcomes);

console.log(`\n${describeVersions(outcomes)}\n${describeScenarios(outcomes)}`);
console.log("\nok: both languages agree as the scenario says; -: it is about the other database; ?: not run");
if (failures.length > 0) console.log(`\nfailed:\n${failures.map(({ name }) => `  ${name}`).join("\n")}`);
console.log(describeNotRun(notRun, ci));
const failed = failures.length + (ci ? notRun.length : 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = !ok || failed > 0 || outcomes.length === 0 ? 1 : 0;
