import type { StoreCapabilities } from "@mortise/core";
import type { ProbedCapabilities } from "./contract.ts";

/**
 * The declared capabilities without what a probe found missing. A write mode stays only if plain writes and uploads in
 * parts keep it, because a caller can't know which of them a body will take; what copies do with it is in `proved`.
 */
export function narrowCapabilities(declared: StoreCapabilities, proved: ProbedCapabilities): StoreCapabilities {
  const keeps = { create: proved.create, ifMatch: proved.ifMatch };
  const modes = [...declared.putModes].filter((mode) => keeps[mode].put !== false && keeps[mode].multipart !== false);
  return {
    ...declared,
    putModes: new Set(modes),
    conditionalDelete: declared.conditionalDelete && proved.conditionalDelete,
    checksums: new Set([...declared.checksums].filter((algorithm) => proved.checksums.includes(algorithm))),
    ranges: declared.ranges && proved.ranges,
  };
}
