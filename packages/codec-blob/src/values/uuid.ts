import { setKind } from "@mortise/array";

/** A UUID: 16 bytes in the order of its text. */
export class Uuid {
  static {
    setKind(this, "uuid");
  }

  readonly bytes: Uint8Array;

  /** From 16 bytes or the canonical text; throws a `RangeError` for anything else. */
  constructor(value: Uint8Array | string) {
    this.bytes = typeof value === "string" ? parse(value) : value;
    if (this.bytes.length !== 16) throw new RangeError(`a UUID has 16 bytes, got ${this.bytes.length}`);
  }

  toString(): string {
    const hex = Array.from(this.bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
}

function parse(text: string): Uint8Array {
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) {
    throw new RangeError(`${JSON.stringify(text.slice(0, 60))} is not the text of a UUID`);
  }
  const hex = text.replaceAll("-", "");
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
