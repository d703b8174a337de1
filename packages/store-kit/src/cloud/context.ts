import type { ObjectKey } from "@mortise/core";
import { isKey } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import type { Forgotten } from "../lifecycle/forgotten.ts";
import type { Semaphore } from "../limits/semaphore.ts";
import type { Retrier } from "../retry/retrier.ts";
import type { CloudBackend, CloudBody } from "./backend.ts";

/** What everything above one backend shares. */
export interface CloudContext {
  readonly backend: CloudBackend;
  readonly retrier: Retrier;
  /** Bytes of bodies that are collected and of part buffers. */
  readonly budget: Semaphore;
  /** Bodies that come over a connection of their own. */
  readonly forgotten: Forgotten<CloudBody>;
  site(operation: string, key?: ObjectKey): OperationSite;
  /** Whether deletions with a validator were proved to be decided by the server; not before `prepare`. */
  decidesDeletes(): boolean;
}

/** The object's full name in the bucket or container. */
export function nameOf({ backend }: CloudContext, key: ObjectKey): string {
  return backend.prefix + key;
}

/**
 * The key of a name below the location. Undefined for what a listing leaves out: Mortise's own objects, and names that are
 * no keys, such as the folder markers of web consoles.
 */
export function keyOf({ backend }: CloudContext, name: string): ObjectKey | undefined {
  const key = name.slice(backend.prefix.length);
  return name.startsWith(backend.prefix) && !key.startsWith("_mortise/") && isKey(key) ? key : undefined;
}
