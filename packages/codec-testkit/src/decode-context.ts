import { type CodecSite, createReferenceAccess, type DecodeContext } from "@mortise/core";
import type { BenchLayout } from "./layout.ts";

/** Reads through the one reference that a value has, as a table does. */
export function createDecodeContext(
  layout: BenchLayout,
  site: CodecSite,
  storeName: string | undefined,
  downloadPath: string,
): DecodeContext {
  return {
    site,
    storeName,
    signal: new AbortController().signal,
    downloadPath,
    storeOf: (recorded) => (typeof recorded === "string" && recorded !== "" ? recorded : layout.name),
    open: async (reference) => createReferenceAccess(layout.store, layout.sections, reference),
  };
}
