import type { Intent } from "@mortise/sql";
import { inLedger, type ProtocolEnvironment } from "./environment.ts";

/** Keeps the lease of a unit's intents while it uploads. Stopped before W3: nothing extends a lease while it settles. */
export interface Heartbeat {
  /** Resolves when no beat is under way any more. */
  stop(): Promise<void>;
}

/** What of a unit a beat needs. */
export interface BeatingUnit {
  readonly schema: string;
  readonly writer: Uint8Array;
  readonly intents: ReadonlyMap<string, Intent>;
}

/**
 * Three beats per lease, so that one lost beat costs nothing. A beat that finds intents missing only warns: the count
 * of W3 is what decides, and by then the uploads are done and can be counted on in the next attempt.
 */
export function startHeartbeat(environment: ProtocolEnvironment, unit: BeatingUnit): Heartbeat {
  const { leaseMs } = environment.times;
  let beating: Promise<void> = Promise.resolve();
  let idle = true;

  async function beat(): Promise<void> {
    const hashes = [...unit.intents.values()].map((intent) => intent.pathHash);
    if (hashes.length === 0) return;
    try {
      const kept = await inLedger(environment, "ledger", (session, ledger) =>
        ledger.heartbeat(session, unit.schema, unit.writer, hashes, leaseMs),
      );
      if (kept !== hashes.length) {
        environment.logger.warn("objects.lease-broken", { schema: unit.schema, kept, registered: hashes.length });
      }
    } catch (error) {
      environment.logger.warn("objects.heartbeat-failed", { schema: unit.schema, error });
    }
  }

  const timer = setInterval(() => {
    if (!idle) return;
    idle = false;
    beating = beat().finally(() => {
      idle = true;
    });
  }, leaseMs / 3);
  timer.unref();

  return {
    async stop() {
      clearInterval(timer);
      await beating;
    },
  };
}
