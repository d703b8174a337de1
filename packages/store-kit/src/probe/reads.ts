import type { ChecksumAlgorithm, ObjectKey } from "@mortise/core";
import { collect } from "../streams/collect.ts";
import { chunksOf } from "../streams/source.ts";
import type { Outcome, ProbeContext } from "./context.ts";
import { bodyOf, holds, outcomeOf, readBack, write } from "./context.ts";

const shown = 40;

/** Whether what is read is what was written; anything else makes the server useless. */
export async function probeBody(context: ProbeContext, key: ObjectKey, label: string): Promise<void> {
  const found = await readBack(context, key);
  const sent = new TextDecoder().decode(bodyOf(label));
  if (found === sent) return;
  const begin =
    found === undefined ? "nothing" : `${found.length} characters: ${JSON.stringify(found.slice(0, shown))}`;
  context.findings.push({
    id: "body",
    lie: "stores other bytes than it is sent",
    evidence: `${sent.length} bytes were sent, reading back gave ${begin}`,
    hint: "a proxy or server that keeps the framing of aws-chunked bodies does this; nothing is written to it",
    fatal: true,
  });
}

/** Whether a range is answered with exactly its bytes, and one that begins at the end is refused. */
export async function probeRanges(context: ProbeContext): Promise<boolean> {
  if (!context.store.capabilities.ranges) return false;
  const key = context.key("range");
  const { size } = await write(context, key, "range");
  const middle = await rangeOf(context, key, 2, 5);
  const sent = new TextDecoder().decode(bodyOf("range").subarray(2, 7));
  const end = await outcomeOf(rangeOf(context, key, size, undefined));
  if (middle === sent && end === "invalid-range") return true;
  context.findings.push({
    id: "range",
    lie: middle === sent ? "answers a range that begins at the object's end" : "answers a range with other bytes",
    evidence: `bytes 2 to 6 gave ${JSON.stringify(middle.slice(0, shown))}; a range from the object's end: ${end}`,
    hint: "ranges are cut out of the whole object instead",
  });
  return false;
}

async function rangeOf(context: ProbeContext, key: ObjectKey, offset: number, length?: number): Promise<string> {
  const { store, call } = context;
  await using result = await store.get(key, { ...call, range: { offset, length } });
  return new TextDecoder().decode(await collect(chunksOf(result.body)));
}

const digits: Readonly<Record<ChecksumAlgorithm, number>> = { md5: 32, crc32c: 8, sha256: 64, crc64nvme: 16 };

/** The declared digests whose mismatch is refused, with the old object left. */
export async function probeChecksums(context: ProbeContext): Promise<readonly ChecksumAlgorithm[]> {
  const proved: ChecksumAlgorithm[] = [];
  for (const algorithm of context.store.capabilities.checksums) {
    const key = context.key(`digest-${algorithm}`);
    await write(context, key, "digest 1");
    const expect = { [algorithm]: "0".repeat(digits[algorithm]) };
    const outcome = await outcomeOf(context.store.put(key, bodyOf("digest 2"), { ...context.call, expect }));
    const kept = await holds(context, key, "digest 1");
    if (outcome === "checksum-mismatch" && kept) proved.push(algorithm);
    else noteChecksum(context, algorithm, outcome, kept);
  }
  return proved;
}

function noteChecksum(context: ProbeContext, algorithm: ChecksumAlgorithm, outcome: Outcome, kept: boolean): void {
  context.findings.push({
    id: `checksum-${algorithm}`,
    lie: `does not refuse a body whose ${algorithm} is wrong`,
    evidence: `put with a wrong ${algorithm}: ${outcome}; the old object was ${kept ? "there" : "gone"} afterwards`,
    hint: "the digest is computed before the body is sent instead",
  });
}
