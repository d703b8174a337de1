import { setKind } from "@mortise/array";

/**
 * A Python float that JavaScript's number would not keep as one: an integral float where numbers may be integers, a zero
 * with a sign as a key, a NaN with bits of its own.
 */
export class PyFloat {
  static {
    setKind(this, "float");
  }

  /** One element; kept as typed data, because an engine may change the bits of a NaN that it handles as a number. */
  readonly data: Float64Array<ArrayBuffer>;

  constructor(value: number | Float64Array<ArrayBuffer>) {
    this.data = typeof value === "number" ? Float64Array.of(value) : value;
  }

  valueOf(): number {
    return this.data[0] as number;
  }
}

/**
 * Marks a number as a Python float: `pyFloat(3)` is written as `3.0`, where 3 alone is an integer in the natural mapping. For
 * many numbers use a typed array, which says it once.
 */
export function pyFloat(value: number): PyFloat {
  return new PyFloat(value);
}

/** Python's complex number. */
export class Complex {
  static {
    setKind(this, "complex");
  }

  /** Real and imaginary part; typed data keeps the bits of a NaN. */
  readonly data: Float64Array<ArrayBuffer>;

  constructor(re: number | Float64Array<ArrayBuffer>, im = 0) {
    this.data = typeof re === "number" ? Float64Array.of(re, im) : re;
  }

  get re(): number {
    return this.data[0] as number;
  }

  get im(): number {
    return this.data[1] as number;
  }
}
