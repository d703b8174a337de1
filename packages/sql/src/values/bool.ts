import { describe, refuse } from "../errors.ts";

/** 0 and 1 are what a MySQL client sees for a bool, so they are taken everywhere. */
export function acceptBool(value: unknown): boolean {
  if (value === true || value === 1 || value === 1n) return true;
  if (value === false || value === 0 || value === 0n) return false;
  throw refuse("wrong-type", `bool expects true, false, 1 or 0, got ${describe(value)}`);
}
