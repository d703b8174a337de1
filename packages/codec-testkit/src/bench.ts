import {
  acceptValue,
  type Codec,
  type CodecChain,
  type CodecSite,
  createRegistry,
  decodeChain,
  encodeChain,
  isPlanned,
  type ObjectReference,
  type ObjectStore,
  resolveCodecChain,
} from "@mortise/core";
import { createMemoryStore } from "@mortise/store-testkit";
import { createDecodeContext } from "./decode-context.ts";
import { createEncodeContext } from "./encode-context.ts";
import { type BenchSettings, layoutOf } from "./layout.ts";

export interface CodecBenchOptions extends BenchSettings {
  /** The codecs under test; `<hash>` is always there. */
  readonly codecs: readonly Codec[];
  /** Default: an in-memory store. */
  readonly store?: ObjectStore | undefined;
  /** The name that specs and metadata use; default `main`, which is also the default store. */
  readonly storeName?: string | undefined;
  /** Where values belong; default schema `lab`, table `Recording`, attribute `raw`, key `{ id: 1 }`. */
  readonly site?: Partial<CodecSite> | undefined;
  /** Where codecs that make files put them; default a name that is never created unless one does. */
  readonly downloadPath?: string | undefined;
}

/** A codec and a store, without a database. */
export interface CodecBench {
  readonly store: ObjectStore;
  readonly site: CodecSite;
  /** What would stand in the column after inserting `value` into an attribute of type `spec` (`<object@main>`). */
  encode(spec: string, value: unknown): Promise<unknown>;
  /** Accepts and plans, but writes nothing: the reference that was chosen, undefined for values in the table. */
  plan(spec: string, value: unknown): Promise<ObjectReference | undefined>;
  /** What fetching the column value would give. */
  decode(spec: string, stored: unknown): Promise<unknown>;
  /** Inserts and fetches; the column value goes through JSON as it does in a database. */
  roundTrip(spec: string, value: unknown): Promise<unknown>;
  chain(spec: string): CodecChain;
}

function throughColumn(stored: unknown): unknown {
  return stored instanceof Uint8Array ? new Uint8Array(stored) : (JSON.parse(JSON.stringify(stored)) as unknown);
}

/** Runs codecs the way a table does: accept, encode, write; fetch, decode. */
export function createCodecBench(options: CodecBenchOptions): CodecBench {
  const registry = createRegistry(options.codecs);
  const store = options.store ?? createMemoryStore();
  const storeName = options.storeName ?? "main";
  const layout = layoutOf(store, storeName, options);
  const site: CodecSite = {
    schema: "lab",
    table: "Recording",
    attribute: "raw",
    primaryKey: { id: 1 },
    ...options.site,
  };
  const chain = (spec: string): CodecChain => resolveCodecChain(spec, (name) => registry.codec(name));
  const external = (resolved: CodecChain): string | undefined =>
    resolved.store === undefined ? undefined : resolved.store === "" ? storeName : resolved.store;

  async function planned(spec: string, value: unknown): Promise<unknown> {
    const resolved = chain(spec);
    const accepted = await acceptValue(resolved, value, site);
    return await encodeChain(resolved, accepted, createEncodeContext(layout, site, external(resolved)));
  }

  const bench: CodecBench = {
    store,
    site,
    chain,
    async plan(spec, value) {
      const result = await planned(spec, value);
      return isPlanned(result) ? result.reference : undefined;
    },
    async encode(spec, value) {
      const result = await planned(spec, value);
      return isPlanned(result) ? await result.write() : result;
    },
    async decode(spec, stored) {
      const resolved = chain(spec);
      const downloadPath = options.downloadPath ?? "downloads";
      return await decodeChain(resolved, stored, createDecodeContext(layout, site, external(resolved), downloadPath));
    },
    async roundTrip(spec, value) {
      return await bench.decode(spec, throughColumn(await bench.encode(spec, value)));
    },
  };
  return bench;
}
