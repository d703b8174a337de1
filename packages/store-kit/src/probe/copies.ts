import type { PutMode } from "@mortise/core";
import { isRefused } from "./conditions.ts";
import type { ProbeContext } from "./context.ts";
import { write } from "./context.ts";

/** What server-side copies were seen to do with conditions; undefined where there are none. */
export interface ProbedCopies {
  readonly create: boolean | undefined;
  readonly ifMatch: boolean | undefined;
}

/** Tries conditions on the target of a copy. */
export async function probeCopies(context: ProbeContext): Promise<ProbedCopies> {
  const { store, call } = context;
  const { putModes, serverSideCopy } = store.capabilities;
  const copy = store.copy?.bind(store);
  if (!serverSideCopy || copy === undefined) return { create: undefined, ifMatch: undefined };
  const from = context.key("copy-from");
  const to = context.key("copy-to");
  const [, { etag = "" }] = await Promise.all([write(context, from, "copy 1"), write(context, to, "copy 2")]);
  const test = {
    key: to,
    operation: "copy",
    attempt: (mode: PutMode) => copy(from, to, { ...call, mode }),
  };
  const create = putModes.has("create")
    ? await isRefused(context, { ...test, id: "create-copy", old: "copy 2", mode: "create" })
    : undefined;
  if (!putModes.has("ifMatch")) return { create, ifMatch: undefined };
  await write(context, to, "copy 3");
  const ifMatch = await isRefused(context, { ...test, id: "if-match-copy", old: "copy 3", mode: { ifMatch: etag } });
  return { create, ifMatch };
}
