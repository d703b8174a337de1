/** The few assertions of the suite: its cases run under any test runner, and without one. */
import type { Bytes, StoreErrorCode } from "@mortise/core";
import { isStoreError } from "@mortise/core";

/** Throws unless `condition` holds; `what` says what should be so. */
export function holds(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`the store does not conform: ${what}`);
}

/** Throws unless both are the same value, or the same as JSON; the order of an object's members does not count. */
export function equal(found: unknown, expected: unknown, what: string): void {
  const same = Object.is(found, expected) || JSON.stringify(found, ordered) === JSON.stringify(expected, ordered);
  holds(same, `${what} should be ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
}

/** Servers keep metadata in any order. */
function ordered(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * Throws unless a validator that was told once is told again. None at all is no lie: a server may vouch for one only some
 * time after the write, and a case must not depend on how soon it asks.
 */
export function stillTold(told: string | undefined, found: string | undefined, what = "the etag"): void {
  if (told !== undefined) equal(found, told, what);
}

/** Throws unless the bytes are equal; says where they first differ. */
export function equalBytes(found: Bytes, expected: Bytes, what = "the body"): void {
  equal(found.byteLength, expected.byteLength, `the length of ${what}`);
  const at = found.findIndex((byte, index) => byte !== expected[index]);
  holds(at === -1, `${what} should be as it was put, byte ${at} is ${found[at]} instead of ${expected[at]}`);
}

/** Throws unless the promise is rejected with a store error of one of these codes that names its operation. */
export async function refused(
  promise: Promise<unknown>,
  code: StoreErrorCode | readonly StoreErrorCode[],
  what: string,
): Promise<void> {
  const codes = typeof code === "string" ? [code] : code;
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason ?? new Error("rejected with nothing"),
  );
  holds(error !== undefined, `${what} should be refused with ${codes.join(" or ")}, it was accepted`);
  holds(
    isStoreError(error),
    `${what} should be refused with a StoreError, found ${error instanceof Error ? error.stack : typeof error}`,
  );
  holds(
    codes.includes(error.code),
    `${what} should be refused with ${codes.join(" or ")}, found ${error.code}: ${error.message}`,
  );
  holds(error.operation !== "" && error.store !== "", `the error of ${what} should name operation and store`);
}

/** What came of what a store may refuse with `code` and nothing else; undefined if it did. */
export async function acceptedUnless<T>(work: Promise<T>, code: StoreErrorCode, what: string): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    await refused(Promise.reject(error), code, what);
    return undefined;
  }
}
