import { isStoreError } from "@mortise/core";

/** What the server knows; undefined where it says that there is no such thing. */
export async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isStoreError(error, "not-found")) return undefined;
    throw error;
  }
}
