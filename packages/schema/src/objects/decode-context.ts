import {
  CodecError,
  type CodecSite,
  type DecodeContext,
  type ObjectReference,
  parseKey,
  type ReferenceAccess,
} from "@mortise/core";
import { containedRead } from "./contained-read.ts";
import { isUserKey } from "./file-section.ts";
import type { StoreAccess } from "./store-access.ts";

const manifestSuffix = ".manifest.json";

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
    const name = this.#stores.resolveName(reference.store);
    const layout = this.#stores.layout(name);
    const path = parseKey(reference.path, { operation: "open", store: name });
    // Hash and schema paths are taken as recorded: prefixes may have changed since. Users' paths must still be users'.
    const allowed =
      reference.section === "filepath" ? isUserKey(layout, path) : layout.sections.sectionOf(path) !== "mortise";
    if (!allowed) {
      throw new CodecError("corrupt", `the recorded path ${JSON.stringify(path)} is not one that a row may refer to`, {
        site: this.site,
        hint: "the row was written under other section prefixes, or tampered with",
      });
    }
    const { store } = await this.#stores.open(name);
    const folder = `${path}/`;
    const prefix = reference.shape === "prefix";
    return {
      reference,
      url: `${store.baseUrl}/${encodeURIComponent(path).replaceAll("%2F", "/").replaceAll("%3D", "=")}`,
      objects: containedRead(store, {
        allows: (key) => key === path || (prefix && (key.startsWith(folder) || key === path + manifestSuffix)),
        listPrefix: prefix ? folder : path,
        description: `the reference ${path}`,
      }),
    };
  }
}
