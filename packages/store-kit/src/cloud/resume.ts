import type { Bytes, StoreError } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { abortedError, storeError } from "../errors.ts";
import type { CloudBody, CloudRead } from "./backend.ts";
import type { CloudContext } from "./context.ts";

/** A body that continues where a broken connection left it. */
export interface ResumableBody {
  readonly chunks: AsyncIterable<Bytes>;
  /** Closes the connection, also one that is being made. */
  release(): Promise<void>;
}

/**
 * The bytes of `first`, and after a cut the rest of them by further requests: of the same version, from the last byte that
 * came, each answer checked. Without a validator nothing proves that it is the same object, and the cut is the end.
 */
export function resumable(
  context: CloudContext,
  site: OperationSite,
  first: CloudBody,
  call: CloudRead,
): ResumableBody {
  const { etag, name } = first.object;
  const end = first.range.offset + first.range.length;
  // The signal of the operation ended with it: reading has one of its own.
  const controller = new AbortController();
  let body = first;

  async function reopen(offset: number): Promise<{ readonly body: CloudBody; readonly chunk: Bytes | undefined }> {
    const again = await context.backend.get(name, {
      site: call.site,
      signal: controller.signal,
      range: { offset, length: end - offset },
      ifMatch: etag,
    });
    try {
      checkRest(site, first, again, offset, end);
      // An answer whose first byte does not come is a failed attempt.
      if (again.bytes !== undefined) return { body: again, chunk: undefined };
      const next = await again.chunks[Symbol.asyncIterator]().next();
      return { body: again, chunk: next.done === true ? undefined : next.value };
    } catch (error) {
      await again.release();
      throw error;
    }
  }

  async function* chunks(): AsyncGenerator<Bytes> {
    let offset = first.range.offset;
    let opening: Bytes | undefined;
    for (;;) {
      try {
        if (opening !== undefined) {
          offset += opening.byteLength;
          yield opening;
          opening = undefined;
        }
        for await (const chunk of withoutReturn(body.chunks)) {
          offset += chunk.byteLength;
          if (offset > end) throw tooLong(site, end - first.range.offset);
          yield chunk;
        }
        if (offset === end) return;
        throw storeError(site, "unavailable", `the body ended ${end - offset} bytes too early`);
      } catch (error) {
        if (!isStoreError(error) || !error.retryable || etag === undefined || controller.signal.aborted) throw error;
      } finally {
        await body.release();
      }
      ({ body, chunk: opening } = await context.retrier.run(() => reopen(offset), controller.signal));
    }
  }

  return {
    chunks: chunks(),
    async release() {
      if (!controller.signal.aborted) controller.abort(abortedError(site));
      await body.release();
    },
  };
}

/** The rest of the same version, and exactly the rest. */
function checkRest(site: OperationSite, first: CloudBody, again: CloudBody, offset: number, end: number): void {
  if (again.object.etag !== first.object.etag || again.object.size !== first.object.size) {
    throw storeError(site, "precondition-failed", "the object was overwritten while it was read", {
      hint: "read it again",
    });
  }
  const { range } = again;
  if (range.offset === offset && range.offset + range.length === end) return;
  throw storeError(
    site,
    "protocol",
    `after a cut the server sends ${range.length} bytes from ${range.offset}, asked were ${end - offset} from ${offset}`,
    { hint: "the server ignores ranges: read the object again from its start" },
  );
}

function tooLong(site: OperationSite, length: number): StoreError {
  return storeError(site, "protocol", `more than the announced ${length} bytes come`);
}

/** A loop that is left does not end the source: `release` does, once, for every way out. */
function withoutReturn(chunks: AsyncIterable<Bytes>): AsyncIterable<Bytes> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = chunks[Symbol.asyncIterator]();
      return { next: () => iterator.next() };
    },
  };
}
