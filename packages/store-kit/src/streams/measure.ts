import type { Bytes, Checksums } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";
import type { Digester } from "./digests.ts";
import { checkDigests } from "./digests.ts";

export interface MeasureOptions {
  /** Bytes the body must have. */
  readonly size?: number | undefined;
  readonly digester?: Digester | undefined;
  /** Digests the body must have, each known to `digester`. */
  readonly expect?: Checksums | undefined;
  /** Called with the bytes so far, after each chunk. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** What has passed; `checksums` are there when the body has ended. */
export interface Measured {
  readonly chunks: AsyncIterable<Bytes>;
  readonly bytes: number;
  readonly checksums: Checksums;
}

/**
 * Passes a body on while counting and hashing it, and checks at its end what was promised. A body that breaks a promise
 * ends with an error, so that whoever writes it writes nothing: a truncated stream otherwise looks like a short object.
 */
export function measured(site: OperationSite, chunks: AsyncIterable<Bytes>, options: MeasureOptions): Measured {
  const state = { bytes: 0, checksums: {} as Checksums };
  async function* pass(): AsyncGenerator<Bytes> {
    for await (const chunk of chunks) {
      state.bytes += chunk.byteLength;
      if (options.size !== undefined && state.bytes > options.size)
        throw wrongSize(site, state.bytes, options.size, "at least");
      options.digester?.update(chunk);
      options.onBytes?.(state.bytes);
      yield chunk;
    }
    if (options.size !== undefined && state.bytes !== options.size)
      throw wrongSize(site, state.bytes, options.size, "");
    state.checksums = options.digester?.digest() ?? {};
    checkDigests(site, options.expect, state.checksums);
  }
  return {
    chunks: pass(),
    get bytes() {
      return state.bytes;
    },
    get checksums() {
      return state.checksums;
    },
  };
}

/** The error for a body of another length than was promised. */
export function wrongSize(site: OperationSite, found: number, promised: number, bound: "at least" | "" = ""): Error {
  const count = bound === "" ? `${found}` : `${bound} ${found}`;
  return storeError(site, "checksum-mismatch", `the body has ${count} bytes, ${promised} were promised`, {
    hint: "leave `size` out if the length is not known, or look at why the source ended there",
  });
}
