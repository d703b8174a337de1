import { describe, refuse } from "../errors.ts";

/** Text is refused: which bytes it means is the user's decision. */
export function acceptBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw refuse(
    "wrong-type",
    `bytes expects a Uint8Array, got ${describe(value)}`,
    typeof value === "string" ? "encode it: new TextEncoder().encode(text)" : undefined,
  );
}
