import type { CodecError, ValueSite } from "@mortise/core";
import { beyondLimit, corrupt } from "../errors.ts";
import type { FloatHint } from "../float-memory.ts";
import type { BlobLimits, BlobMapping } from "../options.ts";
import { formatPath, type PathSegment } from "../path.ts";

/** What a reader needs to know besides the bytes. */
export interface ReaderOptions {
  readonly mapping: BlobMapping;
  readonly words: 32 | 64;
  readonly scalars: "keep" | "unwrap";
  readonly limits: BlobLimits;
  readonly site?: ValueSite | undefined;
}

const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A position in a payload, and the end of the element it is in: nothing may read past that end, and every size that the
 * bytes claim is compared with what remains before anything is allocated.
 */
export class Reader {
  /** The uncompressed blob, header included. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** The exact mapping. */
  readonly exact: boolean;
  /** NumPy scalars become plain values. */
  readonly unwrap: boolean;
  /** Bytes of a dimension, count or length. */
  readonly wordSize: 4 | 8;
  /** Offset of the next byte. */
  at: number;
  /** Set by whoever reads a float in the natural mapping, taken by the container it is in. */
  hint: FloatHint;
  /** Where in the value the reader is; printed only when something is wrong. */
  readonly path: PathSegment[] = [];
  /** End of the enclosing element: a child must not read its sibling's bytes. */
  #end: number;
  #elements = 0;
  #depth = 0;
  readonly #limits: BlobLimits;
  readonly #site: ValueSite | undefined;
  readonly #value: (reader: Reader) => unknown;

  constructor(bytes: Uint8Array, at: number, options: ReaderOptions, value: (reader: Reader) => unknown) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.exact = options.mapping === "exact";
    this.unwrap = options.scalars === "unwrap";
    this.wordSize = options.words === 32 ? 4 : 8;
    this.at = at;
    this.#end = bytes.length;
    this.#limits = options.limits;
    this.#site = options.site;
    this.#value = value;
  }

  /** Bytes left in the enclosing element. */
  get remaining(): number {
    return this.#end - this.at;
  }

  /** An error for this place; the offset counts from the start of the uncompressed blob. */
  fail(message: string): CodecError {
    return corrupt(`${formatPath(this.path)}: ${message} (at byte ${this.at} of the uncompressed blob)`, this.#site);
  }

  /** Throws unless `size` bytes are left; sizes that are too large to be exact are too large anyway. */
  need(size: number, what: string): void {
    if (size > this.remaining) throw this.fail(`${what} needs ${size} bytes, but ${this.remaining} remain`);
  }

  u8(what: string): number {
    this.need(1, what);
    return this.view.getUint8(this.at++);
  }

  u16(what: string): number {
    this.need(2, what);
    const value = this.view.getUint16(this.at, true);
    this.at += 2;
    return value;
  }

  u32(what: string): number {
    this.need(4, what);
    const value = this.view.getUint32(this.at, true);
    this.at += 4;
    return value;
  }

  /** A dimension, count or length; refused above 2^53 - 1, where numbers are no longer exact. */
  word(what: string): number {
    if (this.wordSize === 4) return this.u32(what);
    this.need(8, what);
    const low = this.view.getUint32(this.at, true);
    const high = this.view.getUint32(this.at + 4, true);
    if (high >= 0x200000) throw this.fail(`${what} is impossible: above 2^53`);
    this.at += 8;
    return high * 0x100000000 + low;
  }

  /** A number of things that take at least `least` bytes each. */
  count(least: number, what: string): number {
    const count = this.word(`the number of ${what}`);
    this.claim(count, least, what);
    return count;
  }

  /** Throws where `count` things of at least `least` bytes each can't be in what remains. */
  claim(count: number, least: number, what: string): void {
    if (count * least > this.remaining) {
      throw this.fail(`${count} ${what} need at least ${count * least} bytes, but ${this.remaining} remain`);
    }
  }

  /** The next bytes, not copied. */
  take(size: number, what: string): Uint8Array {
    this.need(size, what);
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  /** A copy of the next bytes: data stands anywhere in a blob, and typed arrays need it aligned. */
  copy(size: number, what: string): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.take(size, what));
  }

  /** Fatal UTF-8; a byte order mark at the start belongs to the text. */
  text(size: number, what: string): string {
    const bytes = this.take(size, what);
    // Most texts are short names; starting the decoder takes longer than reading them.
    if (size <= 24) {
      const ascii = shortAscii(bytes);
      if (ascii !== undefined) return ascii;
    }
    try {
      return text.decode(bytes);
    } catch {
      throw this.fail(`${what} is not UTF-8`);
    }
  }

  /** UTF-8 up to a NUL inside the enclosing element. */
  name(): string {
    const length = this.bytes.subarray(this.at, this.#end).indexOf(0);
    if (length < 0) throw this.fail("a field name does not end");
    const name = this.text(length, "a field name");
    this.at++;
    return name;
  }

  /** Names of a struct or record: present, not empty, each once. */
  names(what: string): string[] {
    const count = this.u32(`the number of fields of a ${what}`);
    this.claim(count, 2, "field names");
    const names = new Set<string>();
    for (let i = 0; i < count; i++) {
      const name = this.name();
      if (name === "" || names.has(name)) throw this.fail(`field name ${JSON.stringify(name)} is empty or repeated`);
      names.add(name);
    }
    return [...names];
  }

  /** One value at this place, one level down. */
  inner(segment: PathSegment, value: (reader: Reader) => unknown = this.#value): unknown {
    this.path.push(segment);
    if (++this.#depth > this.#limits.maxDepth) {
      throw this.#beyond("maxDepth", `nested more than ${this.#limits.maxDepth} levels deep`);
    }
    if (++this.#elements > this.#limits.maxElements) {
      throw this.#beyond("maxElements", `more than ${this.#limits.maxElements} values in one blob`);
    }
    const result = value(this);
    this.#depth--;
    this.path.pop();
    return result;
  }

  /** A value with its length in front, which must be exactly as long as that says. */
  element(segment: PathSegment): unknown {
    const length = this.word("the length of an element");
    if (length < 1) throw this.fail("an element of 0 bytes has no value");
    this.need(length, "an element");
    const outer = this.#end;
    this.#end = this.at + length;
    const result = this.inner(segment);
    if (this.remaining !== 0) throw this.fail(`${this.remaining} of ${length} bytes of an element are left over`);
    this.#end = outer;
    return result;
  }

  /** What there is to remember of the value just read; asked once. */
  takeHint(): FloatHint {
    const { hint } = this;
    this.hint = undefined;
    return hint;
  }

  #beyond(limit: keyof BlobLimits, message: string): CodecError {
    return beyondLimit(limit, `${formatPath(this.path)}: ${message}`, this.#site);
  }
}

/** Undefined for anything but ASCII, which the decoder then reads from the start. */
function shortAscii(bytes: Uint8Array): string | undefined {
  let text = "";
  for (const byte of bytes) {
    if (byte > 127) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
