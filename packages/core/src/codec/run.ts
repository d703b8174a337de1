/** Values through a chain. Nothing here waits unless a codec does: a promise per value costs at 8 000 rows/s. */
import { CodecError } from "../errors.ts";
import type { CodecChain } from "./chain.ts";
import type { CodecSite, DecodeContext, EncodeContext, ObjectReference, Planned } from "./contract.ts";
import { formatCodecSpec } from "./spec.ts";

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/** Whether an encoded value still has bytes to write. */
export function isPlanned(value: unknown): value is Planned<unknown> {
  return typeof value === "object" && value !== null && (value as { planned?: unknown }).planned === true;
}

/** Checks a value before anything is written. Only the outermost codec sees what the user gave. */
export function acceptValue(chain: CodecChain, value: unknown, site: CodecSite): unknown {
  const [outermost] = chain.codecs;
  return outermost === undefined ? value : outermost.accept(value, site);
}

/** A plan ends a chain: what the codecs behind it should get is known only after the bytes were written. */
function refuseEarlyPlan(chain: CodecChain, index: number, value: unknown): void {
  if (!isPlanned(value) || index === chain.codecs.length - 1) return;
  throw new CodecError(
    "unsupported",
    `codec <${chain.codecs[index]?.name}> of ${formatCodecSpec(chain.spec)} planned an object of its own, but stores its values as ${chain.codecs[index]?.storageType({ external: chain.store !== undefined })}`,
    { hint: 'A codec that calls context.object or context.hash answers "json" in storageType.' },
  );
}

/**
 * Encodes an accepted value, outermost codec first. Yields the column's value, or the plan of the innermost codec whose
 * `write` yields it; a promise only where a codec answered with one.
 */
export function encodeChain(chain: CodecChain, accepted: unknown, context: EncodeContext): unknown {
  const from = (start: number, input: unknown): unknown => {
    let value = input;
    for (let index = start; index < chain.codecs.length; index++) {
      const encoded: unknown = chain.codecs[index]?.encode(value, context);
      if (isPromise(encoded)) {
        return encoded.then((settled) => {
          refuseEarlyPlan(chain, index, settled);
          return from(index + 1, settled);
        });
      }
      refuseEarlyPlan(chain, index, encoded);
      value = encoded;
    }
    return value;
  };
  return from(0, accepted);
}

/** Decodes a column's value, innermost codec first; a promise only where a codec answered with one. */
export function decodeChain(chain: CodecChain, stored: unknown, context: DecodeContext): unknown {
  const from = (start: number, input: unknown): unknown => {
    let value = input;
    for (let index = start; index >= 0; index--) {
      const decoded: unknown = chain.codecs[index]?.decode(value, context);
      if (isPromise(decoded)) return decoded.then((settled) => from(index - 1, settled));
      value = decoded;
    }
    return value;
  };
  return from(chain.codecs.length - 1, stored);
}

/** Every object that a column's value refers to: the innermost codec wrote it, so it alone can tell. */
export function chainReferences(chain: CodecChain, stored: unknown): readonly ObjectReference[] {
  return chain.codecs.at(-1)?.references(stored) ?? [];
}
