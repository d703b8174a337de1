import type { StoredObject } from "../bucket.ts";
import { listObjects, trueListing } from "../operations/listing.ts";
import { type Fault, fault, isWrite, type Scene } from "./fault.ts";

/** Listings of `view` instead of the true one; `before` sees every write first. */
const listing = (
  name: string,
  install: (scene: Scene) => {
    readonly before?: (key: string) => void;
    readonly view: () => Parameters<typeof listObjects>[2];
  },
): Fault =>
  fault(name, (scene) => {
    const { before, view } = install(scene);
    return {
      answer: (request, next) => {
        if (isWrite(request) && request.key !== "") before?.(request.key);
        return request.operation === "ListObjectsV2" ? listObjects(scene.bucket, request, view()) : next(request);
      },
    };
  });

/** What was there when the fault was switched on is all that listings show of it. */
export const hidesNewKeys: Fault = listing("hides-new-keys", ({ bucket }) => {
  const known = new Set(bucket.sortedKeys);
  return { view: () => ({ ...trueListing(bucket), keys: bucket.sortedKeys.filter((key) => known.has(key)) }) };
});

/** Deleted objects are listed for ever. */
export const listsDeletedKeys: Fault = listing("lists-deleted-keys", ({ bucket }) => {
  const seen = new Map<string, StoredObject>(bucket.objects);
  return {
    before: (key) => {
      const object = bucket.objects.get(key);
      if (object !== undefined) seen.set(key, object);
    },
    view: () => {
      for (const [key, object] of bucket.objects) seen.set(key, object);
      const keys = [...seen.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      return { keys, objects: seen };
    },
  };
});

/** The keys of a page come in reverse. */
export const unorderedLists: Fault = listing("unordered-lists", ({ bucket }) => ({
  view: () => ({ ...trueListing(bucket), arrange: (page) => page.toReversed() }),
}));
