import type { ByteSource, Bytes } from "@mortise/core";
import { chunksOf, collect, readableFrom } from "@mortise/store-kit";

/** Known to be so small, a body is collected: it then goes with its length, and can be sent again. */
const collectedBytes = 1024 * 1024;

/** A body as `fetch` takes it, and what became of it. */
export interface SendableBody {
  readonly body: BodyInit;
  readonly replayable: boolean;
  /** Bytes sent so far. */
  readonly bytes: number;
  /** What the source threw, which `fetch` reports as a network failure of its own. */
  readonly failure: unknown;
}

/** A body that nobody has read yet. */
export async function sendableBody(source: ByteSource, size: number | undefined): Promise<SendableBody> {
  const small = size !== undefined && size <= collectedBytes;
  if (source instanceof Uint8Array || small) {
    const bytes = source instanceof Uint8Array ? source : await collect(chunksOf(source), size);
    return { body: bytes as Uint8Array<ArrayBuffer>, replayable: true, bytes: bytes.byteLength, failure: undefined };
  }
  const state = { bytes: 0, failure: undefined as unknown };
  async function* copies(): AsyncGenerator<Bytes> {
    try {
      for await (const chunk of chunksOf(source)) {
        state.bytes += chunk.byteLength;
        // The source may reuse its buffer while the socket still holds it.
        yield new Uint8Array(chunk);
      }
    } catch (error) {
      state.failure = error;
      throw error;
    }
  }
  return {
    body: readableFrom(copies()) as ReadableStream<Uint8Array>,
    replayable: false,
    get bytes() {
      return state.bytes;
    },
    get failure() {
      return state.failure;
    },
  };
}
