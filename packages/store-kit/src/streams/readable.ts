import type { Bytes } from "@mortise/core";

/**
 * A stream that pulls one chunk at a time, nothing ahead of its reader. Cancelling it ends the iteration and calls
 * `onCancel`: a generator that was never started runs none of its own clean-up.
 */
export function readableFrom(chunks: AsyncIterable<Bytes>, onCancel?: () => Promise<void>): ReadableStream<Bytes> {
  let iterator: AsyncIterator<Bytes> | undefined;
  return new ReadableStream<Bytes>(
    {
      async pull(controller) {
        iterator ??= chunks[Symbol.asyncIterator]();
        const { done, value } = await iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await onCancel?.();
        await iterator?.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
