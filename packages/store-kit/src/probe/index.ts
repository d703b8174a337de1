export type {
  ProbedCapabilities,
  ProbedConditions,
  ProbeFinding,
  ProbeOptions,
  ProbeReport,
} from "./contract.ts";
export { narrowCapabilities } from "./narrow.ts";
export { parseProbeReport } from "./parse.ts";
export { probeStore } from "./probe-store.ts";
