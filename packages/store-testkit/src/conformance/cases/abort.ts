import { equal, equalBytes, holds, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, listAll, pattern, readAll, text } from "../case.ts";

const aborted = (): AbortSignal => AbortSignal.abort(new Error("by the suite"));

/** A source that gives one chunk and then nothing, until it is told to stop. */
function hanging(onReturn: () => void): AsyncIterable<Uint8Array> {
  let given = false;
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        if (given) return await new Promise<never>(() => undefined);
        given = true;
        return { done: false, value: pattern(100_000) };
      },
      async return() {
        onReturn();
        return { done: true, value: undefined };
      },
    }),
  };
}

/** Failing sources, aborts and time limits: a clear error, the old object, and no debris. */
export const abortCases: readonly ConformanceCase[] = defineCases("abort", [
  [
    "before",
    "an operation whose signal is aborted already does nothing",
    async ({ store, key, prefix }) => {
      await store.put(key("a"), text("old"));
      const signal = aborted();
      await refused(store.put(key("a"), text("new"), { signal }), "aborted", "put");
      await refused(store.get(key("a"), { signal }), "aborted", "get");
      await refused(store.head(key("a"), { signal }), "aborted", "head");
      await refused(store.delete(key("a"), { signal }), "aborted", "delete");
      await refused(store.copy(key("a"), key("b"), { signal }), "aborted", "copy");
      await refused(store.move(key("a"), key("b"), { signal }), "aborted", "move");
      equalBytes(await readAll(store, key("a")), text("old"));
      equal((await listAll(store, prefix)).length, 1, "the number of objects");
    },
  ],
  [
    "list",
    "a listing ends when its signal is aborted",
    async ({ store, key, prefix }) => {
      for (const name of ["a", "b", "c"]) await store.put(key(name), text(name));
      const controller = new AbortController();
      async function read(): Promise<void> {
        for await (const _ of store.list({ prefix, pageSize: 1, signal: controller.signal })) controller.abort();
      }
      await refused(read(), "aborted", "an aborted listing");
    },
  ],
  [
    "delete-many",
    "deleteMany ends when its signal is aborted",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      await refused(store.deleteMany([key("a")], { signal: aborted() }), "aborted", "an aborted deleteMany");
      equalBytes(await readAll(store, key("a")), text("x"));
    },
  ],
  [
    "put-midway",
    "a write aborted in the middle leaves the old object, no debris, and tells the source to stop",
    async ({ store, key, prefix }) => {
      await store.put(key("a"), text("old"));
      const controller = new AbortController();
      let stopped = false;
      const writing = store.put(
        key("a"),
        hanging(() => (stopped = true)),
        { signal: controller.signal },
      );
      setTimeout(() => controller.abort(), 20);
      await refused(writing, "aborted", "an aborted put");
      equalBytes(await readAll(store, key("a")), text("old"));
      equal((await listAll(store, prefix)).length, 1, "the number of objects");
      holds(stopped, "the source should have been told to stop");
    },
  ],
  [
    "put-timeout",
    "a write that takes longer than timeoutMs is timeout and leaves nothing",
    async ({ store, key, prefix }) => {
      await refused(
        store.put(
          key("a"),
          hanging(() => undefined),
          { timeoutMs: 50 },
        ),
        "timeout",
        "a put that hangs",
      );
      equal((await listAll(store, prefix)).length, 0, "the number of objects");
    },
  ],
  [
    "source-fails",
    "a source that throws leaves the old object, and its error is the cause",
    async ({ store, key, prefix }) => {
      await store.put(key("a"), text("old"));
      const reason = new Error("the instrument was unplugged");
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield pattern(100_000);
        throw await Promise.resolve(reason);
      }
      const error = await store.put(key("a"), failing()).catch((thrown: unknown) => thrown);
      await refused(Promise.reject(error), ["unknown"], "a put whose source fails");
      equal((error as Error).cause === reason, true, "whether the source's error is the cause");
      equalBytes(await readAll(store, key("a")), text("old"));
      equal((await listAll(store, prefix)).length, 1, "the number of objects");
    },
  ],
  [
    "source-fails-new",
    "a source that throws at its first chunk leaves nothing",
    async ({ store, key, prefix }) => {
      const failing = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new Error("no")) });
      await refused(store.put(key("d/a"), failing), "unknown", "a put whose source fails");
      equal((await listAll(store, prefix)).length, 0, "the number of objects");
    },
  ],
  [
    "body",
    "a body that is read ends when its signal is aborted",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(2_000_000));
      const controller = new AbortController();
      await using result = await store.get(key("a"), { signal: controller.signal });
      const reader = result.body.getReader();
      await reader.read();
      controller.abort();
      async function rest(): Promise<void> {
        while (!(await reader.read()).done);
      }
      await refused(rest(), "aborted", "reading on after an abort");
    },
  ],
  [
    "bytes",
    "bytes() after an abort is aborted",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      const controller = new AbortController();
      await using result = await store.get(key("a"), { signal: controller.signal });
      controller.abort();
      await refused(result.bytes(), "aborted", "bytes() after an abort");
    },
  ],
  [
    "after",
    "an abort after the end changes nothing",
    async ({ store, key }) => {
      const controller = new AbortController();
      await store.put(key("a"), text("x"), { signal: controller.signal });
      const read = await (await store.get(key("a"), { signal: controller.signal })).bytes();
      controller.abort();
      equalBytes(read, text("x"));
      equalBytes(await readAll(store, key("a")), text("x"));
    },
  ],
  [
    "usable",
    "the store works on after many aborted writes",
    async ({ store, key, prefix }) => {
      for (let round = 0; round < 20; round++) {
        const controller = new AbortController();
        const writing = store.put(
          key(`d/${round}`),
          hanging(() => undefined),
          { signal: controller.signal },
        );
        setTimeout(() => controller.abort(), 1);
        await refused(writing, "aborted", "an aborted put");
      }
      await store.put(key("d/a"), text("x"));
      equal(
        (await listAll(store, prefix)).map((info) => info.key),
        [key("d/a")],
        "the keys",
      );
    },
  ],
  [
    "wrong-chunk",
    "a source of anything but bytes is refused and leaves nothing",
    async ({ store, key, prefix }) => {
      async function* texts(): AsyncGenerator<string> {
        yield await Promise.resolve("text");
      }
      const outcome = await store.put(key("a"), texts() as unknown as AsyncIterable<Uint8Array>).then(
        () => "stored",
        () => "refused",
      );
      equal(outcome, "refused", "the outcome for a source of strings");
      equal((await listAll(store, prefix)).length, 0, "the number of objects");
    },
  ],
  [
    "wrong-body",
    "a body of no known kind is refused",
    async ({ store, key, prefix }) => {
      for (const body of ["text", 5, null, {}, [1, 2]]) {
        const outcome = await store.put(key("a"), body as unknown as Uint8Array).then(
          () => "stored",
          () => "refused",
        );
        equal(outcome, "refused", `the outcome for ${JSON.stringify(body)}`);
      }
      equal((await listAll(store, prefix)).length, 0, "the number of objects");
    },
  ],
]);
