import { describe, refuse } from "../errors.ts";

/** Bounds of the integer types that JavaScript numbers hold. */
export const integerRanges: Readonly<Record<"int8" | "int16" | "int32", readonly [low: number, high: number]>> = {
  int8: [-128, 127],
  int16: [-32_768, 32_767],
  int32: [-2_147_483_648, 2_147_483_647],
};

const min64 = -(2n ** 63n);
const max64 = 2n ** 63n - 1n;

function wholeNumber(name: string, value: unknown): number | bigint {
  if (typeof value === "bigint") return value;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw refuse("wrong-type", `${name} expects an integer, got ${describe(value)}`);
  }
  return value;
}

/** int8, int16, int32: whole numbers within the range on every database, whatever the column could hold. */
export function integerAcceptor(name: keyof typeof integerRanges): (value: unknown) => number {
  const [min, max] = integerRanges[name];
  return (value) => {
    const whole = wholeNumber(name, value);
    if (whole < min || whole > max) {
      throw refuse("out-of-range", `${name} holds ${min} to ${max}, got ${describe(value)}`);
    }
    // `+ 0` turns -0 into 0: no database keeps the sign of an integer zero.
    return Number(whole) + 0;
  };
}

/** int64: a number beyond 2^53 may already have lost digits, so only `bigint` is taken there. */
export function acceptInt64(value: unknown): bigint {
  const whole = wholeNumber("int64", value);
  if (typeof whole === "number" && !Number.isSafeInteger(whole)) {
    throw refuse(
      "out-of-range",
      `int64 got ${whole}, which a number does not hold exactly`,
      "give it as a bigint: 123n",
    );
  }
  const big = BigInt(whole);
  if (big < min64 || big > max64) throw refuse("out-of-range", `int64 holds -2^63 to 2^63-1, got ${describe(value)}`);
  return big;
}
