import type { ProbeReport } from "./contract.ts";

/** A report that was kept as JSON, or undefined if it is not one that this release can read: then probe again. */
export function parseProbeReport(kept: unknown): ProbeReport | undefined {
  if (!isRecord(kept) || kept["formatVersion"] !== 1 || Number.isNaN(Date.parse(String(kept["probedAt"])))) {
    return undefined;
  }
  const { capabilities, findings } = kept;
  const whole =
    isRecord(capabilities) &&
    isRecord(capabilities["create"]) &&
    isRecord(capabilities["ifMatch"]) &&
    Array.isArray(capabilities["checksums"]) &&
    typeof capabilities["conditionalDelete"] === "boolean" &&
    typeof capabilities["ranges"] === "boolean" &&
    Array.isArray(findings) &&
    findings.every((finding) => isRecord(finding) && typeof finding["id"] === "string");
  // What was checked is all that decides about writes; the rest is for people.
  return whole ? (kept as unknown as ProbeReport) : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
