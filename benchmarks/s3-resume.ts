// An upload that is killed at half (SIGKILL) and continued by another process: the parts that each of them sent, by the
// counts of the loopback server.
//
//   node benchmarks/s3-resume.ts [--mib 512]
import { parseArgs } from "node:util";
import { killAndResume } from "../integration/s3-server/resume.ts";

const { values } = parseArgs({ options: { mib: { type: "string", default: "512" } } });
const report = await killAndResume(Number(values.mib) * 1024 ** 2);
console.log(JSON.stringify({ mib: Number(values.mib), ...report }));
if (!report.equal || report.partsAfterResume !== report.parts - report.partsListed) process.exitCode = 1;
