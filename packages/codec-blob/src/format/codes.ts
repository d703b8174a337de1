/** First bytes of a blob that holds only what MATLAB's library knows: `mYm` and a zero. */
export const matlabHeader: Uint8Array = new Uint8Array([0x6d, 0x59, 0x6d, 0]);

/** First bytes of a blob that may hold anything: `dj0` and a zero. */
export const pythonHeader: Uint8Array = new Uint8Array([0x64, 0x6a, 0x30, 0]);

/** First bytes of a compressed blob: `ZL123` and a zero. */
export const compressedHeader: Uint8Array = new Uint8Array([0x5a, 0x4c, 0x31, 0x32, 0x33, 0]);

/** The byte in front of every value, which says how it is laid out. */
export const code = {
  array: 0x41,
  records: 0x46,
  cell: 0x43,
  struct: 0x53,
  sparse: 0x50,
  none: 0xff,
  tuple: 0x01,
  list: 0x02,
  set: 0x03,
  dict: 0x04,
  text: 0x05,
  bytes: 0x06,
  int: 0x0a,
  bool: 0x0b,
  complex: 0x0c,
  float: 0x0d,
  decimal: 0x64,
  datetime: 0x74,
  uuid: 0x75,
} as const;

/** Whether data begins with a header. */
export function startsWith(data: Uint8Array, header: Uint8Array): boolean {
  return data.length >= header.length && header.every((byte, i) => data[i] === byte);
}
