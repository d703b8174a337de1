import type { ValueError } from "@mortise/core";
import { unwritable } from "../errors.ts";
import { matlabHeader, pythonHeader } from "../format/codes.ts";
import { type BlobLimits, type BlobMapping, maxWriteDepth } from "../options.ts";
import type { PathSegment } from "../path.ts";

/** What a writer needs to know besides the value. */
export interface WriterOptions {
  readonly mapping: BlobMapping;
  readonly dates: "refuse" | "utc" | "local";
  readonly sortSets: boolean;
  readonly nestedSets: boolean;
  readonly sparse: boolean;
  readonly limits: BlobLimits;
}

const utf8 = new TextEncoder();
const firstSize = 256;

/** A growing payload. Lengths of elements are filled in when the element is complete, so that nothing is written twice. */
export class Writer {
  readonly options: WriterOptions;
  /** Where in the value the writer is; printed only when something is refused. */
  readonly path: PathSegment[] = [];
  /** Replaced by a larger one when it is full: never kept across a call. */
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(firstSize);
  view: DataView = new DataView(this.bytes.buffer);
  /** Offset of the next byte; the header's four are filled in last, when it is known which one it is. */
  at = 4;
  /** Until something is written that MATLAB's library does not know. */
  #matlab = true;
  /** The values that contain the current one, to tell a cycle from a deep value. */
  readonly #outer: unknown[] = [];
  readonly #value: (writer: Writer, value: unknown) => void;

  constructor(options: WriterOptions, value: (writer: Writer, value: unknown) => void) {
    this.options = options;
    this.#value = value;
  }

  /** An error for this place. */
  fail(message: string, hint?: string): ValueError {
    return unwritable(this.path, message, hint);
  }

  /** Something that MATLAB's library does not know: the whole blob gets the other header. */
  python(): void {
    this.#matlab = false;
  }

  /** The code of a value that is Python's only. */
  scalar(structure: number): void {
    this.#matlab = false;
    this.u8(structure);
  }

  /** Makes room; large data gets exactly what it needs, small values share blocks that double. */
  reserve(size: number): void {
    const needed = this.at + size;
    if (needed <= this.bytes.length) return;
    if (needed > this.options.limits.maxPayload) {
      throw this.fail(
        `the blob grows above ${this.options.limits.maxPayload} bytes`,
        "raise limits.maxPayload, or store the data as files with <object@> or <npy@>",
      );
    }
    const { length } = this.bytes;
    const larger = new Uint8Array(Math.max(needed, Math.floor(length * (length < 2 ** 24 ? 2 : 1.25))));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    this.view.setUint16(this.at, value, true);
    this.at += 2;
  }

  u32(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }

  /** A dimension, count or length: always 64 bits. */
  word(value: number): void {
    this.reserve(8);
    this.#wordAt(this.at, value);
    this.at += 8;
  }

  /** Bytes as they are, from any kind of memory. */
  raw(data: Uint8Array): void {
    this.reserve(data.length);
    this.bytes.set(data, this.at);
    this.at += data.length;
  }

  /** Length and UTF-8. An encoder would replace a lone surrogate, so that the text is checked first. */
  text(text: string): void {
    if (text.length <= 32 && this.#shortAscii(text)) return;
    if (!text.isWellFormed()) throw this.fail("a text with a lone surrogate has no UTF-8");
    const start = this.at;
    this.word(0);
    // Three bytes per unit is the most; for long texts, that is measured instead of reserved.
    if (text.length < 4096) {
      this.reserve(3 * text.length);
      this.at += utf8.encodeInto(text, this.bytes.subarray(this.at)).written;
    } else {
      this.raw(utf8.encode(text));
    }
    this.#wordAt(start, this.at - start - 8);
  }

  /** UTF-8 and a NUL, for names of fields. */
  name(name: string): void {
    if (name === "" || name.includes("\0") || !name.isWellFormed()) {
      throw this.fail(`${JSON.stringify(name)} can't be the name of a field`);
    }
    this.raw(utf8.encode(name));
    this.u8(0);
  }

  /** A value one level down, without a length in front. */
  inner(segment: PathSegment, value: unknown, write: (writer: Writer, value: never) => void = this.#value): void {
    this.path.push(segment);
    if (this.#outer.push(value) > maxWriteDepth) {
      const containers = this.#outer.filter((outer) => typeof outer === "object" && outer !== null);
      throw new Set(containers).size < containers.length
        ? this.fail("the value contains itself")
        : this.fail(`nested more than ${maxWriteDepth} levels deep, which Python can't read back`);
    }
    write(this, value as never);
    this.#outer.pop();
    this.path.pop();
  }

  /** A value with its length in front. */
  element(segment: PathSegment, value: unknown): void {
    const start = this.at;
    this.word(0);
    this.inner(segment, value);
    this.#wordAt(start, this.at - start - 8);
  }

  /** The payload with its header. */
  finish(): Uint8Array<ArrayBuffer> {
    this.bytes.set(this.#matlab ? matlabHeader : pythonHeader);
    // A view would keep the spare room alive with the payload.
    return this.at === this.bytes.length ? this.bytes : this.bytes.slice(0, this.at);
  }

  /** Most texts are short names; starting the encoder takes longer than writing them. */
  #shortAscii(text: string): boolean {
    this.reserve(8 + text.length);
    const start = this.at + 8;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) return false;
      this.bytes[start + i] = unit;
    }
    this.#wordAt(this.at, text.length);
    this.at = start + text.length;
    return true;
  }

  #wordAt(at: number, value: number): void {
    this.view.setUint32(at, value >>> 0, true);
    this.view.setUint32(at + 4, value / 0x100000000, true);
  }
}
