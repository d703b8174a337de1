/**
 * Whether compressing is worth its time, from a look at a few kilobytes. A wrong answer costs space or time and nothing
 * else: a blob is valid either way.
 */

/** Bytes of one piece of the sample. */
const pieceSize = 1024;

/** A large payload is worth a longer look: 64 KiB from all over it, which take less than a hundredth of the time of deflating it. */
const [fewPieces, manyPieces, largeFrom] = [4, 64, 2 ** 20];

/** Bits per byte above which Huffman coding saves less than a seventh, and costs reading and writing ten times the time. */
const dense = 6.8;

/** Share of the sample that repeats something above which zlib finds more than the bytes' frequencies say. */
const repetitive = 0.05;

const counts = new Uint32Array(256);
const seen = new Int32Array(4096);

/** False for data such as noise, which zlib would go through at length to save next to nothing. */
export function looksCompressible(payload: Uint8Array): boolean {
  counts.fill(0);
  seen.fill(-1);
  const pieces = payload.length < largeFrom ? fewPieces : manyPieces;
  const size = Math.min(pieceSize, Math.floor(payload.length / pieces));
  let repeats = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const start = Math.floor((piece * (payload.length - size)) / (pieces - 1));
    repeats += scan(payload, start, start + size);
  }
  const total = size * pieces;
  if (repeats > total * repetitive) return true;
  let bits = 0;
  for (const count of counts) if (count > 0) bits += count * Math.log2(total / count);
  return bits / total < dense;
}

/** Counts bytes, and the places where four bytes stand that stood somewhere before. */
function scan(payload: Uint8Array, start: number, end: number): number {
  let repeats = 0;
  let window = 0;
  for (let i = start; i < end; i++) {
    const byte = payload[i] as number;
    counts[byte] = (counts[byte] as number) + 1;
    window = (window << 8) | byte;
    const slot = Math.imul(window, 0x9e3779b1) >>> 20;
    if (seen[slot] === window) repeats++;
    seen[slot] = window;
  }
  return repeats;
}
