import type { Codec, Plugin } from "@mortise/core";
import type { CodecsOf } from "./codec-types.ts";
import type { Schema } from "./schema.ts";

/** What fetching an object gives in these tests. */
export interface ObjectHandle {
  readonly url: string;
}

export declare const plugins: readonly [
  Codec<"blob">,
  Codec<"object", Uint8Array | Blob, ObjectHandle>,
  Codec<"attach", string, string, unknown, { readonly opened: true }>,
  Codec<"npy", Float64Array, { readonly shape: readonly number[] }>,
  Codec<"filepath", string, ObjectHandle>,
];
export declare const closed: Schema<CodecsOf<typeof plugins>>;
export declare const open: Schema<CodecsOf<undefined>>;
export declare const anyPlugins: readonly Plugin[];
