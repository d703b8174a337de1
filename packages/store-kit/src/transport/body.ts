import type { Bytes, StoreError } from "@mortise/core";

/** Bytes that may wait for their reader before the socket is paused. */
const highWater = 256 * 1024;

const ended: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** What the source of a body's chunks can do. */
export interface BodySource {
  pause(): void;
  resume(): void;
  /** Closes the socket of a body that nobody reads to its end. */
  stop(): void;
}

interface Reader {
  readonly resolve: (step: IteratorResult<Bytes>) => void;
  readonly reject: (error: StoreError) => void;
}

/** An answer's body between the socket that pushes and one reader that pulls. */
export class IncomingBody implements AsyncIterable<Bytes> {
  readonly #source: BodySource;
  readonly #chunks: Bytes[] = [];
  #waiting = 0;
  #paused = false;
  #done = false;
  #error: StoreError | undefined;
  #reader: Reader | undefined;

  constructor(source: BodySource) {
    this.#source = source;
  }

  /** Whether somebody waits for its next chunk. */
  get awaited(): boolean {
    return this.#reader !== undefined;
  }

  push(chunk: Bytes): void {
    if (this.#reader !== undefined) {
      const { resolve } = this.#reader;
      this.#reader = undefined;
      resolve({ done: false, value: chunk });
      return;
    }
    this.#chunks.push(chunk);
    this.#waiting += chunk.byteLength;
    if (this.#waiting < highWater || this.#paused) return;
    this.#paused = true;
    this.#source.pause();
  }

  end(): void {
    this.#done = true;
    this.#reader?.resolve(ended);
    this.#reader = undefined;
  }

  /** What has come already is still read; then the reader gets the error. */
  fail(error: StoreError): void {
    this.#done = true;
    this.#error = error;
    this.#reader?.reject(error);
    this.#reader = undefined;
  }

  /** Frees the socket; a reader that waits gets the end. */
  async release(): Promise<void> {
    this.#chunks.length = 0;
    this.#waiting = 0;
    if (this.#done) return;
    this.end();
    this.#source.stop();
  }

  [Symbol.asyncIterator](): AsyncIterator<Bytes> {
    return {
      next: () => this.#next(),
      return: async () => {
        await this.release();
        return ended;
      },
    };
  }

  #next(): Promise<IteratorResult<Bytes>> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#waiting -= chunk.byteLength;
      if (this.#paused && this.#waiting < highWater / 2) {
        this.#paused = false;
        this.#source.resume();
      }
      return Promise.resolve({ done: false, value: chunk });
    }
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#done) return Promise.resolve(ended);
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }
}
