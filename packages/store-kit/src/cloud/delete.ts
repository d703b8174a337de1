import type { DeleteOptions, ObjectKey } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import type { CloudContext } from "./context.ts";
import { nameOf } from "./context.ts";

/** `delete` of a cloud store. Also where the server does not tell whether there was an object, and after a lost answer. */
export async function deleteObject(
  context: CloudContext,
  key: ObjectKey,
  options: DeleteOptions,
): Promise<"deleted" | "absent"> {
  const { backend, retrier } = context;
  const { ifMatch, signal } = options;
  const site = context.site("delete", key);
  const name = nameOf(context, key);
  if (ifMatch === undefined && backend.blindDelete === true && !(await isThere(context, site, name, signal))) {
    return "absent";
  }
  return await retrier.run(async (attempt) => {
    // Whatever is not there after an attempt whose answer was lost was deleted by it.
    const gone = attempt.ambiguous ? "deleted" : "absent";
    try {
      const outcome = await backend.delete(name, { site, signal, ifMatch });
      return outcome === "absent" ? gone : "deleted";
    } catch (error) {
      if (isStoreError(error, "not-found")) return gone;
      // A condition on an absent object is refused by some servers; on any other the refusal stands.
      if (!isStoreError(error, "precondition-failed") || (await isThere(context, site, name, signal))) throw error;
      return gone;
    }
  }, signal);
}

async function isThere(
  { backend, retrier }: CloudContext,
  site: OperationSite,
  name: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await retrier.run(() => backend.head(name, { site, signal }), signal);
    return true;
  } catch (error) {
    if (isStoreError(error, "not-found")) return false;
    throw error;
  }
}
