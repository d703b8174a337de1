import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";
import type { PartLimits, PartPlan } from "./contract.ts";

const defaultPartBytes = 8 * 1024 * 1024;
/** Sizes that grow do so in whole steps of this, so that buffers can be used again. */
const step = 1024 * 1024;

/** What a plan is made from. */
export interface PlanOptions {
  /** Bytes of the whole body where they are known: all parts but the last are then equal. */
  readonly size?: number | undefined;
  /** Bytes per part, if the limits allow. Default 8 MiB. */
  readonly partBytes?: number | undefined;
}

/**
 * Cuts a body into parts that the server takes. A body of known size gets equal parts, always the same for the same
 * arguments, so that an upload can be continued. For one of unknown size a part is at least an eighth of a `maxParts`-th
 * of what came before it, so that with S3's limits 5 TiB fit into 10 000 parts. Throws `unsupported` for a body that is
 * too large for the limits.
 */
export function partPlan(site: OperationSite, limits: PartLimits, options: PlanOptions = {}): PartPlan {
  const { size, partBytes = defaultPartBytes } = options;
  const multiple = limits.multiple ?? 1;
  const most = Math.max(multiple, Math.floor(limits.maxPart / multiple) * multiple);
  const fit = (bytes: number): number =>
    Math.min(most, Math.ceil(Math.max(bytes, limits.minPart, 1) / multiple) * multiple);
  const base = fit(partBytes);
  if (size === undefined) {
    const divisor = Math.max(1, limits.maxParts / 8);
    return {
      sizeAt: (offset) => (offset <= base * divisor ? base : fit(Math.ceil(offset / divisor / step) * step)),
    };
  }
  const equal = fit(Math.max(base, Math.ceil(size / limits.maxParts)));
  if (equal * limits.maxParts < size) {
    throw storeError(site, "unsupported", `the body has ${size} bytes, more than the server takes in one upload`, {
      hint: `it takes ${limits.maxParts} parts of at most ${limits.maxPart} bytes; divide the object`,
    });
  }
  return { sizeAt: () => equal };
}
