/** Our conditions in Google's words: the validator is the object's generation, and 0 means "not there". */
import type { PutMode } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";

/** The value of `ifGenerationMatch`; undefined for a write without a condition. */
export function generationFor(site: OperationSite, mode: PutMode): string | undefined {
  if (mode === "overwrite") return undefined;
  return mode === "create" ? "0" : checkGeneration(site, mode.ifMatch);
}

/** Throws `precondition-failed` for what can be no generation: 0 would turn a replacement into a creation. */
export function checkGeneration(site: OperationSite, etag: string): string {
  if (/^[1-9]\d{0,19}$/.test(etag)) return etag;
  throw storeError(site, "precondition-failed", `the etag ${JSON.stringify(etag)} is not one of this store's`, {
    hint: "pass the etag that head, get or put returned",
  });
}
