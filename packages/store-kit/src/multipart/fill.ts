import type { Bytes } from "@mortise/core";
import type { Semaphore } from "../limits/semaphore.ts";
import type { PartPlan } from "./contract.ts";

/** One part in a buffer of its own. */
export interface FilledPart {
  readonly number: number;
  readonly bytes: Bytes;
  /** Gives its buffer and its share of the byte budget back. `reusable`: nobody reads the buffer any more. */
  release(reusable: boolean): void;
}

export interface FillOptions {
  readonly plan: PartPlan;
  /** Bytes of the whole body where they are known; no buffer is larger than what is left. */
  readonly size?: number | undefined;
  readonly budget?: Semaphore | undefined;
  /** Ends the waiting for the source and for the budget. */
  readonly signal: AbortSignal;
}

/**
 * The bytes of `chunks` in parts; of an empty body one empty part. Everything is copied: a source may reuse its buffer,
 * and a view of a few bytes would keep the whole slab it was cut from in memory. The budget is asked when the first byte
 * of a part is there, so that a source which says nothing holds no memory.
 */
export async function* fillParts(chunks: AsyncIterable<Bytes>, options: FillOptions): AsyncGenerator<FilledPart> {
  const { plan, size, budget, signal } = options;
  const iterator = chunks[Symbol.asyncIterator]();
  const free: Bytes[] = [];
  let number = 0;
  let offset = 0;
  let open: Bytes | undefined;
  let filled = 0;
  let finished = false;

  async function openPart(): Promise<Bytes> {
    const bytes = size === undefined ? plan.sizeAt(offset) : Math.min(plan.sizeAt(offset), Math.max(1, size - offset));
    await budget?.acquire(bytes, signal);
    const used = free.pop();
    if (used?.byteLength === bytes) return used;
    // Parts have grown: the smaller buffers are of no use any more.
    free.length = 0;
    return new Uint8Array(bytes);
  }
  function closePart(buffer: Bytes): FilledPart {
    number++;
    offset += filled;
    const bytes = buffer.subarray(0, filled);
    filled = 0;
    open = undefined;
    return {
      number,
      bytes,
      release(reusable) {
        budget?.release(buffer.byteLength);
        if (reusable) free.push(buffer);
      },
    };
  }

  try {
    for (;;) {
      const next = await beforeAbort(iterator.next(), signal);
      if (next.done === true) break;
      let rest = next.value;
      while (rest.byteLength > 0) {
        open ??= await openPart();
        const taken = rest.subarray(0, open.byteLength - filled);
        open.set(taken, filled);
        filled += taken.byteLength;
        rest = rest.subarray(taken.byteLength);
        if (filled === open.byteLength) yield closePart(open);
      }
    }
    finished = true;
    if (open !== undefined) yield closePart(open);
    else if (number === 0) yield { number: 1, bytes: new Uint8Array(), release: () => undefined };
  } finally {
    if (open !== undefined) budget?.release(open.byteLength);
    // Not awaited: a source that hangs would hold the answer back.
    if (!finished) void iterator.return?.().then(undefined, () => undefined);
  }
}

/** Waits for `work`, but not beyond an abort, whose reason is then thrown. */
async function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abandon = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abandon = () => reject(signal.reason);
  });
  if (signal.aborted) abandon();
  else signal.addEventListener("abort", abandon, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abandon);
  }
}
