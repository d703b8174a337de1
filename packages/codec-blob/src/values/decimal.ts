import { setKind } from "@mortise/array";

const finite = /^-?\d+(?:\.\d+)?(?:E[+-]\d+)?$/;
const special = /^-?(?:Infinity|s?NaN\d*)$/;

/**
 * Python's decimal as its exact text: trailing zeros and the form of the exponent are part of the value. Not a number, which
 * would round it; a library for decimals takes the text.
 */
export class Decimal {
  static {
    setKind(this, "decimal");
  }

  readonly text: string;

  /** Throws a `RangeError` for a text that Python's `str()` would not give, such as `1_000` or `1e3`. */
  constructor(text: string) {
    if (!finite.test(text) && !special.test(text)) {
      throw new RangeError(`${JSON.stringify(text.slice(0, 60))} is not a decimal as Python writes it`);
    }
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}
