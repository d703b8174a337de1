import { describe, refuse } from "../errors.ts";
import type { ValueTraits } from "./accept.ts";

/** NaN and infinities only where the database stores them: the others keep NULL or refuse the whole statement. */
export function floatAcceptor(name: string, traits: ValueTraits): (value: unknown) => number {
  const single = name === "float32";
  return (value) => {
    if (typeof value !== "number") throw refuse("wrong-type", `${name} expects a number, got ${describe(value)}`);
    if (Number.isNaN(value)) {
      if (traits.nan) return value;
      throw refuse("nan", `${name}: this database has no NaN`, "make the attribute nullable and store null");
    }
    if (!Number.isFinite(value)) {
      if (traits.infinity) return value;
      throw refuse("infinity", `${name}: this database has no infinity, got ${value}`);
    }
    if (!single) return value;
    const rounded = Math.fround(value);
    if (!Number.isFinite(rounded))
      throw refuse("out-of-range", `float32 holds up to 3.4e38, got ${value}`, "use float64");
    return rounded;
  };
}
