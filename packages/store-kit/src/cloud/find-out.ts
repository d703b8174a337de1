import type { Bytes, MinimalStore, ObjectKey } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import { storeError } from "../errors.ts";
import type { ProbeReport } from "../probe/contract.ts";
import { parseProbeReport } from "../probe/parse.ts";
import type { CloudBackend } from "./backend.ts";

/** Where reports are kept, for all processes that open the store: an object of its own, which no listing shows. */
const keptKey = "_mortise/probe.json" as ObjectKey;
const keptVersion = 1;
/** How long a report is believed, in milliseconds: a server may be updated. */
const keptMs = 7 * 24 * 60 * 60 * 1_000;

interface Kept {
  readonly formatVersion: number;
  /** Reports by the server that was probed: one bucket may be reached through several. */
  readonly endpoints: Readonly<Record<string, unknown>>;
}

/**
 * What the server really does: as kept from the last seven days, otherwise by a probe, whose report is then kept. Throws
 * the store's own error where the probe can't write, read, list or delete its objects, and `protocol` for a server that
 * no write can be trusted to.
 */
export async function findOut(
  backend: CloudBackend,
  store: MinimalStore,
  storeName: string,
  signal: AbortSignal | undefined,
): Promise<ProbeReport> {
  const kept = await readKept(store, signal);
  const known = parseProbeReport(kept.endpoints[backend.endpoint]);
  if (known !== undefined && Math.abs(Date.now() - Date.parse(known.probedAt)) < keptMs) return known;
  const { probeStore } = await import("../probe/probe-store.ts");
  const report = await probeStore(store, { storeName, signal });
  const fatal = report.findings.find((finding) => finding.fatal === true);
  if (fatal !== undefined) {
    throw storeError(
      { operation: "prepare", store: storeName },
      "protocol",
      `the server ${fatal.lie}: ${fatal.evidence}`,
      {
        hint: fatal.hint ?? "nothing is written to it; look at the server, and at proxies before it",
      },
    );
  }
  // A newer release keeps more than this one knows.
  if (kept.formatVersion > keptVersion) return report;
  const endpoints = { ...kept.endpoints, [backend.endpoint]: report };
  const text = `${JSON.stringify({ formatVersion: keptVersion, endpoints })}\n`;
  try {
    await store.put(keptKey, new TextEncoder().encode(text), { contentType: "application/json", signal });
  } catch (error) {
    // It is only a note: who may write everywhere but here probes once per process.
    if (!isStoreError(error, "permission-denied")) throw error;
  }
  return report;
}

const nothingKept: Kept = { formatVersion: keptVersion, endpoints: {} };

async function readKept(store: MinimalStore, signal: AbortSignal | undefined): Promise<Kept> {
  try {
    await using found = await store.get(keptKey, { signal });
    return parseKept(await found.bytes());
  } catch (error) {
    // Without the right to list, some servers deny what is not there.
    if (isStoreError(error, "not-found") || isStoreError(error, "permission-denied")) return nothingKept;
    throw error;
  }
}

/** A note that can't be read is written anew. */
function parseKept(bytes: Bytes): Kept {
  try {
    const { formatVersion, endpoints } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Kept>;
    if (typeof formatVersion !== "number" || typeof endpoints !== "object" || endpoints === null) return nothingKept;
    return { formatVersion, endpoints: formatVersion > keptVersion ? {} : endpoints };
  } catch {
    return nothingKept;
  }
}
