import type { Codec } from "./contract.ts";

/** `<name>`, `<name@>` or `<name@store>` as written. */
export interface CodecSpec {
  readonly name: string;
  /** undefined: in the table; `""`: the default store; else the named store. */
  readonly store: string | undefined;
}

/** A codec spec followed to the type of its column. */
export interface CodecChain {
  readonly spec: CodecSpec;
  /** The column's type in the words of the definition language: `bytes`, `json` or another core type. */
  readonly storage: string;
  /** Outermost first: encoding runs forward, decoding backward. */
  readonly codecs: readonly Codec[];
  /** The effective store with `""` still standing for the default; undefined for values in the table. */
  readonly store: string | undefined;
}
