import type { ObjectKey, ObjectStore } from "@mortise/core";
import { isStoreError, parseKey } from "@mortise/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storeError } from "../errors.ts";
import { createMemoryBackend } from "../testing/memory-backend.ts";
import { openCloudStore } from "./cloud-store.ts";

const reset = (): Error => storeError({ operation: "test", store: "cloud" }, "unavailable", "the connection was reset");
const keys = ["a", "b", "d/c"].map((name) => parseKey(name));

interface Step {
  readonly kind: "put" | "create" | "delete" | "copy" | "deleteMany";
  readonly key: number;
  readonly size: number;
}

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom("put", "create", "delete", "copy", "deleteMany"),
    key: fc.nat(2),
    size: fc.nat(9_000),
  }),
  { maxLength: 12 },
);
/** What happens to each request in turn, for ever: nothing, refused before it has an effect, or its answer is lost. */
const faults = fc.array(fc.constantFrom("none", "none", "before", "after"), { minLength: 1, maxLength: 40 });

function bodyOf(size: number, stamp: number): Uint8Array {
  return new Uint8Array(size + 4).fill(stamp % 251);
}

async function present(store: ObjectStore, key: ObjectKey): Promise<Uint8Array | undefined> {
  try {
    return await (await store.get(key)).bytes();
  } catch (error) {
    if (isStoreError(error, "not-found")) return undefined;
    throw error;
  }
}

describe("a cloud store over a connection that breaks", () => {
  it("keeps what it said it wrote, and says nothing untrue of what it did not", async () => {
    await fc.assert(
      fc.asyncProperty(steps, faults, fc.boolean(), async (plan, sequence, md5) => {
        let striking = false;
        let turn = 0;
        const next = (): string => (striking ? (sequence[turn++ % sequence.length] ?? "none") : "none");
        let fault = "none";
        const backend = createMemoryBackend({
          md5,
          singlePutBytes: 4_096,
          before() {
            fault = next();
            if (fault === "before") throw reset();
          },
          after() {
            if (fault === "after") throw reset();
          },
        });
        await using store = await openCloudStore(backend, {
          probe: false,
          identity: false,
          retry: { attempts: 4, baseMs: 0 },
          parts: { partBytes: 1_024 },
        });
        // What may be there: after an operation that failed with an open end, the old or the new.
        const possible = new Map<ObjectKey, (Uint8Array | undefined)[]>(keys.map((key) => [key, [undefined]]));
        striking = true;
        for (const [stamp, { kind, key: index, size }] of plan.entries()) {
          const key = keys[index] as ObjectKey;
          const other = keys[(index + 1) % keys.length] as ObjectKey;
          const target = kind === "copy" ? other : key;
          const before = possible.get(target) ?? [];
          const after =
            kind === "copy"
              ? (possible.get(key) ?? [])
              : [kind === "put" || kind === "create" ? bodyOf(size, stamp) : undefined];
          const outcome = await perform(store, kind, key, other, after[0] ?? new Uint8Array());
          if (outcome === "done") possible.set(target, after);
          // A refusal is the truth: a create that was refused has not written.
          else if (outcome === "open") possible.set(target, [...before, ...after]);
          else if (outcome === "exists") expect(before.some((each) => each !== undefined)).toBe(true);
        }
        striking = false;
        for (const key of keys) {
          const found = await present(store, key);
          expect(possible.get(key)).toContainEqual(found);
        }
      }),
      { numRuns: 100 },
    );
  });
});

async function perform(
  store: ObjectStore,
  kind: Step["kind"],
  key: ObjectKey,
  other: ObjectKey,
  body: Uint8Array,
): Promise<"done" | "open" | "exists" | "nothing"> {
  try {
    if (kind === "put") await store.put(key, body);
    else if (kind === "create") await store.put(key, body, { mode: "create" });
    else if (kind === "delete") await store.delete(key);
    else if (kind === "copy") await store.copy(key, other);
    else {
      const { failed } = await store.deleteMany([key]);
      return failed.length === 0 ? "done" : "open";
    }
    return "done";
  } catch (error) {
    if (isStoreError(error, "already-exists")) return "exists";
    if (isStoreError(error, "not-found")) return "nothing";
    if (isStoreError(error) && error.retryable) return "open";
    throw error;
  }
}
