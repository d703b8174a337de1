// `npm run conformance [-- minio azurite …]`: the rules of the store contract on every store, on real servers, as one
// table; or on the stores whose test files are named. The last line has the sums. Fails on a broken rule, on a skip that
// `skips.json` does not record, and with CI=true on a store left out.
import skips from "../integration/stores/conformance/skips.json" with { type: "json" };
import { describeSkips, describeTable, describeTotals, readColumns } from "./test/conformance.ts";
import { describeNotRun, notRunOf, runTests } from "./test/results.ts";

const ci = process.env["CI"] === "true";
const chosen = process.argv.slice(2);
const folder = "integration/stores/conformance/";
const { ok, outcomes } = await runTests(chosen.length === 0 ? [folder] : chosen.map((file) => folder + file));
const columns = readColumns(outcomes);
const notRun = notRunOf(outcomes);
const failures = outcomes.filter(({ status }) => status === "failed");
// A store whose test file is gone, or did not come to its first test, has no column.
const expected = chosen.length === 0 ? Object.keys(skips) : [];
const missing = expected.filter((store) => !columns.some((column) => column.store === store));

console.log(`\n${describeTable(columns)}`);
console.log(`\nok: kept; -: excused by what the store can do; defect: a named defect of the server; ?: not run\n`);
console.log(describeSkips(columns));
console.log(`\n${describeTotals(columns)}`);
if (failures.length > 0) console.log(`\nfailed:\n${failures.map(({ name }) => `  ${name}`).join("\n")}`);
if (missing.length > 0) console.log(`\nrecorded in skips.json, but not tested: ${missing.join(", ")}`);
console.log(describeNotRun(notRun, ci));

const all = columns.flatMap(({ cells }) => [...cells.values()]);
const sum = (cell: string): number => all.filter((each) => each === cell).length;
const stores = columns.filter(({ problem }) => problem === undefined).length;
console.log(
  `\n${stores} of ${columns.length} stores run: ${sum("passed")} rules kept, ${sum("excused")} excused, ${sum("defect")} broken by named defects of servers, ${failures.length} failed`,
);
process.exitCode = !ok || failures.length > 0 || missing.length > 0 || (ci && notRun.length > 0) ? 1 : 0;
