/** Blobs keep all real parts in front of all imaginary parts; arrays in memory keep pairs. Both move bytes, never numbers. */

/** Pairs from two planes; `width` is the size of one part in bytes. */
export function joinPlanes(planes: Uint8Array, width: number): Uint8Array<ArrayBuffer> {
  const half = planes.length / 2;
  const pairs = new Uint8Array(planes.length);
  for (let i = 0; i < half; i++) {
    const part = i - (i % width);
    pairs[i + part] = planes[i] as number;
    pairs[i + part + width] = planes[half + i] as number;
  }
  return pairs;
}

/** Two planes from pairs, into a place of the same size. */
export function splitPlanes(pairs: Uint8Array, width: number, planes: Uint8Array): void {
  const half = pairs.length / 2;
  for (let i = 0; i < half; i++) {
    const part = i - (i % width);
    planes[i] = pairs[i + part] as number;
    planes[half + i] = pairs[i + part + width] as number;
  }
}
