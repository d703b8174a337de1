import type { ProbeContext } from "./context.ts";

/** Milliseconds; servers refuse signatures of clocks that differ by more than 15 minutes. */
const tolerated = 5 * 60 * 1000;

/**
 * How far the server's clock is ahead, from an object that was written between two moments of ours; 0 if its time is
 * between them. Servers often tell whole seconds, so that one second less is no difference.
 */
export function noteClock(context: ProbeContext, lastModified: Date, sentAt: number, answeredAt: number): number {
  const at = lastModified.getTime();
  const skew = at > answeredAt ? at - answeredAt : Math.min(0, at + 1_000 - sentAt);
  if (Math.abs(skew) <= tolerated) return skew;
  context.findings.push({
    id: "clock",
    lie: `has a clock that is ${Math.round(Math.abs(skew) / 1_000)} s ${skew > 0 ? "ahead of" : "behind"} this machine's`,
    evidence: `an object written at ${new Date(sentAt).toISOString()} says ${lastModified.toISOString()}`,
    hint: "set the clocks by NTP: signatures and ages of objects depend on them",
  });
  return skew;
}
