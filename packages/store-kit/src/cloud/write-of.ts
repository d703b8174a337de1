import type { PutOptions } from "@mortise/core";
import type { CloudWrite } from "./backend.ts";
import type { CloudContext } from "./context.ts";

/** A write as the backend takes it: only the digests that it knows. */
export function writeOf(
  { backend }: CloudContext,
  { mode = "overwrite", contentType, metadata, expect = {} }: PutOptions,
): Omit<CloudWrite, "site" | "signal"> {
  const known = Object.entries(expect).filter(([algorithm]) => backend.capabilities.checksums.has(algorithm as "md5"));
  return { mode, contentType, metadata, expect: known.length === 0 ? undefined : Object.fromEntries(known) };
}
