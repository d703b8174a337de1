import type { Multipart } from "@mortise/core";
import type { Semaphore } from "../limits/semaphore.ts";
import { createSemaphore } from "../limits/semaphore.ts";

/** Bytes of parts in memory of a store that names no budget. */
const defaultBytes = 64 * 1024 * 1024;

// Beside the uploads, not in them: parts that are read here must count with the other bodies of the same store.
const budgets = new WeakMap<Multipart, Semaphore>();

/** Says what the parts count against that `uploadInParts` reads for these uploads. */
export function shareBudget(multipart: Multipart, budget: Semaphore): Multipart {
  budgets.set(multipart, budget);
  return multipart;
}

/** The budget of all uploads of one store, in bytes. */
export function budgetOf(multipart: Multipart): Semaphore {
  const shared = budgets.get(multipart);
  if (shared !== undefined) return shared;
  const own = createSemaphore(defaultBytes);
  budgets.set(multipart, own);
  return own;
}
