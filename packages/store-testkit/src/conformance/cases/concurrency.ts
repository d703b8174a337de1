import { setImmediate } from "node:timers/promises";
import { acceptedUnless, equal, equalBytes, holds } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, generate, listAll, pattern, readAll, readStream, text } from "../case.ts";

/** Many operations at once: nothing torn, nothing lost, nothing stuck. */
export const concurrencyCases: readonly ConformanceCase[] = defineCases("concurrency", [
  [
    "many-keys",
    "hundreds of writes at once are all there",
    async ({ store, key, prefix }) => {
      const count = 200;
      await Promise.all(
        Array.from({ length: count }, (_, index) => store.put(key(`c/${index % 7}/${index}`), pattern(1_000, index))),
      );
      equal((await listAll(store, prefix)).length, count, "the number of objects");
      await Promise.all(
        Array.from({ length: count }, async (_, index) =>
          equalBytes(await readAll(store, key(`c/${index % 7}/${index}`)), pattern(1_000, index)),
        ),
      );
    },
  ],
  [
    "one-key",
    "overwrites of one key at once leave one of them whole",
    async ({ store, key }) => {
      const bodies = Array.from({ length: 12 }, (_, index) => pattern(50_000, index + 1));
      await Promise.all(bodies.map((body) => store.put(key("a"), body)));
      const found = await readAll(store, key("a"));
      holds(
        bodies.some((body) => body.every((byte, index) => byte === found[index]) && body.length === found.length),
        "the object should be exactly one of the bodies",
      );
    },
  ],
  [
    "readers",
    "readers during overwrites see one body or another, never a mixture",
    async ({ store, key }) => {
      const bodies = [pattern(600_000, 1), pattern(600_000, 2)] as const;
      await store.put(key("a"), bodies[0]);
      const state = { writing: true };
      async function write(): Promise<void> {
        for (let round = 1; round <= 10; round++) await store.put(key("a"), bodies[round % 2 === 0 ? 0 : 1]);
        state.writing = false;
      }
      async function read(): Promise<void> {
        while (state.writing) {
          const found = await readAll(store, key("a"));
          const body = bodies.find((each) => each[0] === found[0] && each[1] === found[1]);
          equalBytes(found, body ?? bodies[0], "what was read during overwrites");
        }
      }
      await Promise.all([write(), read(), read()]);
    },
  ],
  [
    "overwritten",
    "an object that is overwritten is never missing for get, head or list",
    async ({ store, key, prefix }) => {
      const rounds = 40;
      await store.put(key("a"), text("0"));
      const state = { writing: true };
      async function write(): Promise<void> {
        try {
          for (let round = 1; round <= rounds; round++) await store.put(key("a"), text(`${round}`));
        } finally {
          state.writing = false;
        }
      }
      async function look(at: () => Promise<unknown>): Promise<void> {
        while (state.writing) {
          await at();
          // Where everything is in memory the writer would never have its turn.
          await setImmediate();
        }
      }
      const outcomes = await Promise.allSettled([
        write(),
        look(() => readAll(store, key("a"))),
        look(() => store.head(key("a"))),
        look(async () => equal((await listAll(store, prefix)).length, 1, "the number of objects listed meanwhile")),
      ]);
      for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
      equalBytes(await readAll(store, key("a")), text(`${rounds}`));
    },
  ],
  [
    "appearing",
    "a reader of an object that appears sees nothing or all of it",
    async ({ store, key }) => {
      const body = pattern(1_000_000);
      const state = { done: false };
      const writing = store
        .put(
          key("a"),
          generate(...Array.from({ length: 10 }, (_, index) => body.subarray(index * 100_000, (index + 1) * 100_000))),
        )
        .finally(() => (state.done = true));
      // Heard in any case: the comparison below may fail first.
      const outcome = writing.then(
        () => undefined,
        (error: unknown) => error,
      );
      while (!state.done) {
        const found = await acceptedUnless(readStream(store, key("a")), "not-found", "a read while it was written");
        if (found !== undefined) equalBytes(found, body, "what was read while it was written");
      }
      equal(await outcome, undefined, "the error of the writer");
      equalBytes(await readAll(store, key("a")), body);
    },
  ],
  [
    "put-delete",
    "writes and deletions in one folder at once never fail each other",
    async ({ store, key, prefix }) => {
      async function cycle(name: string): Promise<void> {
        for (let round = 0; round < 15; round++) {
          await store.put(key(`x/y/${name}`), text(name));
          await store.delete(key(`x/y/${name}`));
        }
        await store.put(key(`x/y/${name}`), text(name));
      }
      await Promise.all(["a", "b", "c", "d"].map(cycle));
      equal(
        (await listAll(store, prefix)).map((info) => info.key),
        ["a", "b", "c", "d"].map((name) => key(`x/y/${name}`)),
        "the keys",
      );
    },
  ],
  [
    "delete-race",
    "of many deletions of one object exactly one deletes",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => store.delete(key("a"))));
      equal(outcomes.filter((outcome) => outcome === "absent").length, 7, "the number of deletions that found nothing");
    },
    "conditionalDelete",
  ],
  [
    "beyond-limit",
    "more operations than the store allows at once wait their turn",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(10_000));
      const all = await Promise.all(Array.from({ length: 500 }, () => readAll(store, key("a"))));
      holds(
        all.every((body) => body.byteLength === 10_000),
        "all should be answered",
      );
    },
  ],
  [
    "open-results",
    "results that are open do not block writes",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(1_000_000));
      const open = await Promise.all(Array.from({ length: 100 }, () => store.get(key("a"))));
      await store.put(key("b"), text("x"));
      equalBytes(await readAll(store, key("b")), text("x"));
      for (const result of open) await result[Symbol.asyncDispose]();
    },
  ],
  [
    "copy-through",
    "many streams from the store into itself at once do not wait for each other",
    async ({ store, key, prefix }) => {
      await store.put(key("a"), pattern(200_000));
      async function* lazily(): AsyncGenerator<Uint8Array> {
        yield await readAll(store, key("a"));
      }
      await Promise.all(Array.from({ length: 80 }, (_, index) => store.put(key(`copies/${index}`), lazily())));
      equal((await listAll(store, `${prefix}copies/`)).length, 80, "the number of copies");
    },
  ],
]);
