import { sleep } from "../retry/sleep.ts";
import type { ProbeContext } from "./context.ts";
import { holds, write } from "./context.ts";

/** Beyond its last second, for clocks that differ a little. */
const graceMs = 2_000;

/** Sends a signed DELETE after it has expired: a server that does not look at signatures deletes. */
export async function probePresign(context: ProbeContext): Promise<void> {
  const { store, call } = context;
  if (!store.capabilities.presign.has("DELETE") || store.presign === undefined) return;
  const key = context.key("presign");
  await write(context, key, "presign");
  const request = await store.presign({ method: "DELETE", key, expiresInSeconds: 1 }, call);
  await sleep(Math.max(0, request.expiresAt.getTime() - Date.now()) + graceMs, call.signal);
  const { method, url, headers } = request;
  const { status } = await fetch(url, { method, headers, redirect: "manual", signal: call.signal ?? null });
  if (await holds(context, key, "presign")) return;
  context.findings.push({
    id: "presign-expired",
    lie: "carries out a signed request that has expired",
    evidence: `a signed DELETE was sent ${graceMs / 1_000} s after its end and answered with HTTP ${status}; the object is gone`,
    hint: "whoever has seen a signed URL of this server can use it for ever: do not hand any out",
  });
}
