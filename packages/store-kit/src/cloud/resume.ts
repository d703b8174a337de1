import type { Bytes, StoreError } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { abortedError, storeError } from "../errors.ts";
import type { CloudBody } from "./backend.ts";
import type { CloudContext } from "./context.ts";
import { readBody } from "./read-body.ts";

/** Bytes that a connection must have brought for its end to be bad luck and no failed attempt. */
const steady = 1024 * 1024;

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
export function resumable(context: CloudContext, site: OperationSite, first: CloudBody): ResumableBody {
  const { forgotten } = context;
  const { etag, name } = first.object;
  const end = first.range.offset + first.range.length;
  // The signal of the operation ended with it: reading has one of its own.
  const controller = new AbortController();
  const reader = {};
  let body = first;
  forgotten.watch(reader, first, site.key ?? name);

  async function reopen(offset: number): Promise<{ readonly body: CloudBody; readonly chunk: Bytes | undefined }> {
    const again = await readBody(context.backend, name, {
      site,
      signal: controller.signal,
      range: { offset, length: end - offset },
      ifMatch: etag,
    });
    try {
      checkRest(site, first, again, offset, end);
      // An answer whose first byte does not come is a failed attempt.
      if (again.bytes !== undefined) return { body: again, chunk: undefined };
      const next = await again.chunks[Symbol.asyncIterator]().next();
      if (next.done !== true) return { body: again, chunk: next.value };
      throw tooShort(site, end - offset);
    } catch (error) {
      await again.release();
      throw error;
    }
  }

  async function* chunks(): AsyncGenerator<Bytes> {
    let offset = first.range.offset;
    let began = offset;
    let opening: Bytes | undefined;
    for (;;) {
      let cut: StoreError;
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
        throw tooShort(site, end - offset);
      } catch (error) {
        if (!isStoreError(error) || !error.retryable || etag === undefined || controller.signal.aborted) throw error;
        // Every byte that was announced is there: how the connection ended does not matter.
        if (offset === end) return;
        cut = error;
      } finally {
        forgotten.unwatch(reader);
        await body.release();
      }
      // A connection that is cut again after a few bytes is a failed attempt, with its pause and its share of the budget.
      const failed = offset - began < steady ? cut : undefined;
      began = offset;
      ({ body, chunk: opening } = await context.retrier.run(async ({ number }) => {
        if (number === 1 && failed !== undefined) throw failed;
        return await reopen(offset);
      }, controller.signal));
      forgotten.watch(reader, body, site.key ?? name);
    }
  }

  return {
    chunks: chunks(),
    async release() {
      forgotten.unwatch(reader);
      if (!controller.signal.aborted) controller.abort(abortedError(site));
      await body.release();
    },
  };
}

/** Exactly the rest; `readBody` has seen that it is of the same version. */
function checkRest(site: OperationSite, first: CloudBody, again: CloudBody, offset: number, end: number): void {
  const { range, object } = again;
  if (object.size === first.object.size && range.offset === offset && range.offset + range.length === end) return;
  throw storeError(
    site,
    "protocol",
    `after a cut the server sends ${range.length} bytes from ${range.offset}, asked were ${end - offset} from ${offset}`,
    { hint: "the server ignores ranges: read the object again from its start" },
  );
}

function tooShort(site: OperationSite, missing: number): StoreError {
  return storeError(site, "unavailable", `the body ended ${missing} bytes too early`, {
    hint: "look whether a proxy cuts answers",
  });
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
