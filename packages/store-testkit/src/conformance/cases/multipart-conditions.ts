import { equalBytes, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, readAll, text } from "../case.ts";
import { beginSmall, needingMultipart, smallPart } from "../parts.ts";

const create = { mode: "create" } as const;

/** Conditions at the end of uploads in parts: there, and not only at their start, they must hold. */
export const multipartConditionCases: readonly ConformanceCase[] = defineCases(
  "multipart",
  needingMultipart([
    [
      "create",
      "an upload with create writes what is not there",
      async ({ store, key }) => {
        const { upload, parts } = await beginSmall(store, key("a"), 1, create);
        await upload.complete(parts, create);
        equalBytes(await readAll(store, key("a")), smallPart(1));
      },
      "create",
    ],
    [
      "create-exists",
      "an upload with create refuses what was written since its start, and leaves it",
      async ({ store, key }) => {
        const { upload, parts } = await beginSmall(store, key("a"), 1, create);
        await store.put(key("a"), text("old"));
        await refused(upload.complete(parts, create), "already-exists", "complete with create");
        equalBytes(await readAll(store, key("a")), text("old"));
        await upload.abort();
      },
      "create",
    ],
    [
      "create-remembered",
      "the create of the start holds although complete does not repeat it",
      async ({ store, key }) => {
        const { upload, parts } = await beginSmall(store, key("a"), 1, create);
        await store.put(key("a"), text("old"));
        await refused(upload.complete(parts), "already-exists", "complete after start with create");
        equalBytes(await readAll(store, key("a")), text("old"));
        await upload.abort();
      },
      "create",
    ],
    [
      "match",
      "an upload with ifMatch replaces the object that is there",
      async ({ store, key }) => {
        const { etag = "" } = await store.put(key("a"), text("old"));
        const mode = { ifMatch: etag };
        const { upload, parts } = await beginSmall(store, key("a"), 1, { mode });
        await upload.complete(parts, { mode });
        equalBytes(await readAll(store, key("a")), smallPart(1));
      },
      "ifMatch",
    ],
    [
      "match-stale",
      "an upload with ifMatch refuses an object that was overwritten since its start, and leaves it",
      async ({ store, key }) => {
        const { etag = "" } = await store.put(key("a"), text("old"));
        const mode = { ifMatch: etag };
        const { upload, parts } = await beginSmall(store, key("a"), 1, { mode });
        await store.put(key("a"), text("new"));
        await refused(upload.complete(parts, { mode }), "precondition-failed", "complete with a stale ifMatch");
        equalBytes(await readAll(store, key("a")), text("new"));
        await upload.abort();
      },
      "ifMatch",
    ],
    [
      "no-condition",
      "an upload with a condition that the store can't keep is refused at its start",
      async ({ store, key }) => {
        await refused(beginSmall(store, key("a"), 1, create), "unsupported", "an upload with create");
      },
      "no-create",
    ],
  ]),
);
