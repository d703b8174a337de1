import {
  CodecError,
  type CodecSite,
  createReferenceAccess,
  type DecodeContext,
  type ObjectReference,
  type ReferenceAccess,
} from "@mortise/core";
import type { StoreAccess } from "./store-access.ts";

/** The context of one value's decoder. A class, because one is made for every value: 8 000 a second and more. */
export class ValueDecodeContext implements DecodeContext {
  readonly site: CodecSite;
  readonly storeName: string | undefined;
  readonly signal: AbortSignal;
  readonly downloadPath: string;
  readonly #stores: StoreAccess;

  constructor(
    stores: StoreAccess,
    site: CodecSite,
    storeName: string | undefined,
    signal: AbortSignal,
    downloadPath: string,
  ) {
    this.site = site;
    this.storeName = storeName;
    this.signal = signal;
    this.downloadPath = downloadPath;
    this.#stores = stores;
  }

  /** A row without a store name is one of the store that its column names. */
  storeOf(recorded: unknown): string {
    if (typeof recorded === "string" && recorded !== "") return recorded;
    if (recorded === undefined || recorded === null || recorded === "") {
      return this.#stores.resolveName(this.storeName);
    }
    throw new CodecError("corrupt", `the recorded store name is a ${typeof recorded}`, { site: this.site });
  }

  async open(reference: ObjectReference): Promise<ReferenceAccess> {
    const store = this.#stores.resolveName(reference.store);
    const opened = await this.#stores.open(store);
    return createReferenceAccess(opened.store, opened.sections, { ...reference, store });
  }
}
