import type { Bytes, Hasher } from "@mortise/core";
import { createHasher, digest } from "@mortise/core";

/** All chunks but the last are multiples of it. */
export const chunkMultiple: number = 256 * 1024;

const nothing: Bytes = new Uint8Array();

/** What this process knows of an upload that it sends. */
export class UploadProgress {
  /** Bytes of the whole that were accepted here: those the server has, and `tail`. */
  #end: number;
  /** The last bytes, too few for a chunk of their own: they go with the request that completes the upload. */
  #tail: Bytes = nothing;
  /** Of everything up to `end`; undefined where another process has sent some of it. */
  #hasher: Hasher | undefined;
  #digest: string | undefined;
  /** Where the chunk under way begins, and its bytes: an answer that is lost leaves open how much of it has arrived. */
  #sending: { readonly offset: number; readonly bytes: Bytes } | undefined;

  /** A part that broke off: how much of it the server has, as MD5, so that it can come again and others can't. */
  #broken: { readonly offset: number; readonly md5: string } | undefined;

  constructor(persisted = 0) {
    this.#end = persisted;
    this.#hasher = persisted === 0 ? createHasher("crc32c") : undefined;
  }

  get end(): number {
    return this.#end;
  }

  get tail(): Bytes {
    return this.#tail;
  }

  /** What the server should have. */
  get persisted(): number {
    return this.#end - this.#tail.byteLength;
  }

  /** Whether every chunk that went out was answered, so that nobody needs to ask the server. */
  get settled(): boolean {
    return this.#sending === undefined;
  }

  /** Whether a part belongs here: at the end, or it is the one that broke off before. */
  follows(offset: number, part: Bytes): boolean {
    if (this.#tail.byteLength > 0) return false;
    if (offset === this.#end) return true;
    if (offset !== this.#broken?.offset || offset + part.byteLength < this.#end) return false;
    return this.#broken.md5 === digest("md5", part.subarray(0, this.#end - offset));
  }

  /** Sending the part at `offset` has failed; some of it may have been taken. */
  breakOff(offset: number, part: Bytes): void {
    this.#broken = { offset, md5: digest("md5", part.subarray(0, this.#end - offset)) };
  }

  /** A chunk goes out now. */
  begin(offset: number, bytes: Bytes): void {
    this.#sending = { offset, bytes };
  }

  /** The server has everything up to `persisted`, which is in the chunk under way or at its end. False if it can't be. */
  reached(persisted: number): boolean {
    if (persisted === this.persisted) {
      this.#sending = undefined;
      return true;
    }
    const { offset, bytes } = this.#sending ?? { offset: 0, bytes: nothing };
    if (persisted < this.#end || persisted > offset + bytes.byteLength) return false;
    this.#take(bytes.subarray(this.#end - offset, persisted - offset));
    this.#sending = undefined;
    return true;
  }

  /** Keeps a copy: the caller's buffer is filled anew when the part is answered. */
  hold(tail: Bytes): void {
    this.#tail = new Uint8Array(tail);
    this.#take(this.#tail);
  }

  /** In hexadecimal, of the whole; undefined where this process has not seen all of it. */
  digest(): string | undefined {
    // Asked again where the end of the upload is told again.
    this.#digest ??= this.#hasher?.digest();
    return this.#digest;
  }

  #take(bytes: Bytes): void {
    // A hasher that was asked takes no more, so that nobody knows the digest of what is longer.
    if (this.#digest !== undefined) this.#hasher = this.#digest = undefined;
    this.#hasher?.update(bytes);
    this.#end += bytes.byteLength;
  }
}
