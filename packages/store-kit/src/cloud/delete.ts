import type { DeleteOptions, ObjectKey } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import type { CloudDelete, CloudObject } from "./backend.ts";
import type { CloudContext } from "./context.ts";
import { nameOf } from "./context.ts";
import { orAbsent } from "./or-absent.ts";

/** How often an object that is overwritten between head and deletion is looked at anew. */
const looks = 4;

type Outcome = "deleted" | "absent";

/** `delete` of a cloud store. Also where the server does not tell whether there was an object, and after a lost answer. */
export async function deleteObject(context: CloudContext, key: ObjectKey, options: DeleteOptions): Promise<Outcome> {
  const { ifMatch, signal } = options;
  const call = { site: context.site("delete", key), signal, ifMatch };
  const name = nameOf(context, key);
  if (ifMatch !== undefined || context.backend.blindDelete !== true) return await remove(context, name, call);
  for (let look = 1; ; look++) {
    const found = await find(context, name, call);
    if (found === undefined) return "absent";
    const { etag } = found;
    // In the end it is deleted all the same: who keeps overwriting it must not keep it from that.
    if (etag === undefined || look > looks || !context.decidesDeletes()) return await remove(context, name, call);
    try {
      // Of several deletions the server lets one delete what was found; the others find nothing the next time.
      return await remove(context, name, { ...call, ifMatch: etag, seen: true });
    } catch (error) {
      if (!isStoreError(error, "precondition-failed")) throw error;
    }
  }
}

async function remove(context: CloudContext, name: string, call: CloudDelete): Promise<Outcome> {
  const { backend, retrier } = context;
  return await retrier.run(async (attempt) => {
    // Whatever is not there after an attempt whose answer was lost was deleted by it.
    const gone = attempt.ambiguous ? "deleted" : "absent";
    try {
      const outcome = await backend.delete(name, attempt.number === 1 ? call : { ...call, seen: undefined });
      return outcome === "absent" ? gone : "deleted";
    } catch (error) {
      if (isStoreError(error, "not-found")) return gone;
      // A condition on an absent object is refused by some servers; on any other the refusal stands.
      if (!isStoreError(error, "precondition-failed") || (await find(context, name, call)) !== undefined) throw error;
      return gone;
    }
  }, call.signal);
}

function find(
  { backend, retrier }: CloudContext,
  name: string,
  { site, signal }: CloudDelete,
): Promise<CloudObject | undefined> {
  return orAbsent(retrier.run(() => backend.head(name, { site, signal }), signal));
}
