/** Half precision travels as its raw 16 bits: Node 24 has no `Float16Array`, and raw bits keep every NaN. */

const word = new Uint32Array(1);
const single = new Float32Array(word.buffer);

/** The number that 16 bits of IEEE 754 binary16 stand for. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The nearest binary16 to a number, ties to even; too large a number becomes an infinity. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  // 65520 is halfway between the largest half and what would be the next: ties go to even, that is up.
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundToEven(size * 2 ** 24);
  single[0] = size;
  // The single's exponent may be one too high after its own rounding; scaling by it then still gives the right fraction.
  let exponent = ((word[0] as number) >>> 23) - 127;
  if (size < 2 ** exponent) exponent--;
  return sign | (((exponent + 14) << 10) + roundToEven(size * 2 ** (10 - exponent)));
}

/** A half array as singles, which hold every half exactly. */
export function halvesToFloat32(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const result = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) result[i] = halfToNumber(bits[i] as number);
  return result;
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
