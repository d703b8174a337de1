// The server as a process of its own, so that its CPU is not its client's: prints `{"origin":…}` and serves until it is
// killed. With `--slow-ms` each part of an upload takes that long, so that an upload can be killed half-way.
import { parseArgs } from "node:util";
import { slowParts } from "./faults/slow-parts.ts";
import { startS3Server } from "./server.ts";

const { values } = parseArgs({ options: { bucket: { type: "string" }, "slow-ms": { type: "string" } } });
const slow = values["slow-ms"];
const server = await startS3Server({
  bucket: values.bucket,
  faults: slow === undefined ? [] : [slowParts(Number(slow))],
});
console.log(JSON.stringify({ origin: server.origin }));
