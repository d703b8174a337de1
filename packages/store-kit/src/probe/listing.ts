import { compareKeys } from "@mortise/core";
import type { ProbeContext } from "./context.ts";
import { outcomeOf, write } from "./context.ts";
import type { ProbedCapabilities } from "./contract.ts";

/** In UTF-8 byte order; a server that compares UTF-16 units has the last two the other way round. */
const names = ["list/a", "list/\u{fffd}", "list/\u{1f600}"];

/** Whether a listing shows what was just written, and in byte order. */
export async function probeListing(
  context: ProbeContext,
): Promise<Pick<ProbedCapabilities, "byteOrder" | "listsAtOnce">> {
  const written: string[] = [];
  for (const name of names) {
    const key = context.key(name);
    // A server may refuse characters outside ASCII; then there is no order of them.
    if ((await outcomeOf(write(context, key, name))) === "accepted") written.push(key);
  }
  const prefix = (written[0] ?? context.key("list/a")).slice(0, -1);
  const found: string[] = [];
  for await (const page of context.store.list({ ...context.call, prefix })) {
    found.push(...page.objects.map((info) => info.key));
  }
  const listsAtOnce = written.every((key) => found.includes(key));
  const byteOrder = found.every((key, index) => index === 0 || compareKeys(found[index - 1] ?? "", key) < 0);
  if (!listsAtOnce) {
    context.findings.push({
      id: "list-stale",
      lie: "does not list what was just written",
      evidence: `${written.length} objects were written and answered, the listing right after showed ${found.length}`,
      hint: "what looks at listings, such as garbage collection, may miss young objects here",
    });
  }
  if (!byteOrder) {
    context.findings.push({
      id: "list-order",
      lie: "does not list in UTF-8 byte order",
      evidence: `listed as ${JSON.stringify(found.map((key) => key.slice(prefix.length)))}`,
      hint: "keys with characters above U+FFFF may be passed over where a listing is continued",
    });
  }
  return { byteOrder, listsAtOnce };
}
