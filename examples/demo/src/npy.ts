// The `.npy` files of the demo, in and out: just what NumPy writes for plain arrays.
import { type ArrayData, dataConstructor, NDArray, parseDType } from "@mortise/array";

const magic = "\u0093NUMPY";

/** Reads a plain array of this machine's byte order; throws for structured and big-endian ones. */
export function readNpy(bytes: Uint8Array): NDArray {
  if (Buffer.from(bytes.subarray(0, 6)).toString("latin1") !== magic) throw new Error("not an .npy file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6] !== 1;
  const start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = Buffer.from(bytes.subarray(start, start + length)).toString("latin1");
  const [, descr] = /'descr': '([^']+)'/.exec(header) ?? [];
  const [, shape] = /'shape': \(([^)]*)\)/.exec(header) ?? [];
  if (descr === undefined || shape === undefined || descr.startsWith(">"))
    throw new Error(`a type the demo does not read: ${header.trim()}`);
  const dtype = parseDType(descr);
  const data = dataConstructor(dtype);
  if (data === undefined) throw new Error(`a type the demo does not read: ${descr}`);
  // A copy: a Buffer is a view of a larger pool, and typed arrays need their own, aligned memory.
  const content = new Uint8Array(bytes.subarray(start + length));
  return new NDArray(new data(content.buffer) as ArrayData, {
    dtype: descr,
    shape: shape
      .split(",")
      .filter((part) => part.trim() !== "")
      .map(Number),
    order: header.includes("'fortran_order': True") ? "F" : "C",
  });
}

/** A `float32` file as NumPy writes it: the data start at a multiple of 64 bytes. */
export function writeNpy(data: Float32Array, shape: readonly number[]): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const header = `${text.padEnd(128 - 10 - 1, " ")}\n`;
  const bytes = new Uint8Array(128 + data.byteLength);
  bytes.set(Buffer.from(`${magic}\u0001\u0000`, "latin1"));
  new DataView(bytes.buffer).setUint16(8, header.length, true);
  bytes.set(Buffer.from(header, "latin1"), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 128);
  return bytes;
}
