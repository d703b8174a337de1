import {
  apiVersion,
  type Codec,
  type CodecSite,
  type DecodeContext,
  type EncodeContext,
  ValueError,
} from "@mortise/core";
import { compressAside } from "./compression/container.ts";
import { sited } from "./errors.ts";
import { choose, compressions, mappings, type PackOptions, parseLimits, type UnpackOptions } from "./options.ts";
import { writePayload } from "./pack.ts";
import { unpackAt } from "./unpack.ts";

/** Options of {@link createBlobCodec}: those of `pack` and `unpack` together. */
export interface BlobCodecOptions extends PackOptions, UnpackOptions {}

/** The type of the `<blob>` codec: any value of the tables in the README, in and out. */
export type BlobCodec = Codec<"blob", unknown, unknown, Uint8Array>;

/**
 * A `<blob>` codec with options of its own. Throws a `ValueError` for options that can't be.
 *
 * @example openProject({ plugins: [fileStore, createBlobCodec({ compression: "canonical" })] })
 */
export function createBlobCodec(options: BlobCodecOptions = {}): BlobCodec {
  parseLimits(options.limits);
  choose("mapping", options.mapping, mappings);
  choose("compression", options.compression, compressions);
  return {
    kind: "codec",
    apiVersion,
    name: "blob",
    origin: import.meta.url,
    storageType: ({ external }) => (external ? "<hash>" : "bytes"),

    accept(value, site) {
      if (value === undefined) throw new ValueError("invalid-value", sited("<blob> got undefined", site), { site });
      return value;
    },

    encode(value: unknown, context: EncodeContext): Uint8Array | Promise<Uint8Array> {
      const mode = options.compression ?? choose("blob_compression", context.settings.blob_compression, compressions);
      return compressAside(payloadFor(value, options, context.site), mode);
    },

    decode: (stored: Uint8Array, context: DecodeContext) => unpackAt(stored, options, context.site),

    // The bytes hold no reference; where they are external, `<hash>` knows it.
    references: () => [],
  };
}

/** `<blob>`: any value, as DataJoint for Python writes it. */
export const blobCodec: BlobCodec = createBlobCodec();

/** The site belongs to the message: whoever inserts many rows must see which column refused. */
function payloadFor(value: unknown, options: PackOptions, site: CodecSite): Uint8Array {
  try {
    return writePayload(value, options);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError(error.code, sited(error.message, site), { hint: error.hint, cause: error, site });
  }
}
