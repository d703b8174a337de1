import type { ByteRange, Bytes, GetResult, ObjectInfo, ObjectKey } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import { chunksOf, readableFrom } from "@mortise/store-kit";
import type { Break, BrokenStore } from "./break.ts";
import { broken } from "./break.ts";

/** A `get` whose result is changed. */
function getting(change: (result: GetResult, key: ObjectKey) => Partial<GetResult>): () => Break {
  return () => (good) => ({
    get: async (key, options) => {
      const result = await good.get(key, options);
      return Object.assign(
        Object.create(result, Object.getOwnPropertyDescriptors(result)) as GetResult,
        change(result, key),
      );
    },
  });
}
function ranged(change: (range: ByteRange) => ByteRange | undefined): () => Break {
  return () => (good) => ({
    get: (key, options = {}) => good.get(key, { ...options, range: options.range && change(options.range) }),
  });
}

function telling(change: (info: ObjectInfo) => Partial<ObjectInfo>): () => Break {
  return () => (good) => ({
    head: async (key, options) => {
      const info = await good.head(key, options);
      return { ...info, ...change(info) };
    },
  });
}

async function* nothing(): AsyncGenerator<Bytes> {}

/** Stores that read wrongly. */
export const brokenReaders: readonly BrokenStore[] = [
  broken("has empty streams", () => (good) => ({
    get: async (key, options) => {
      const result = await good.get(key, options);
      return {
        info: result.info,
        range: result.range,
        body: readableFrom(nothing()),
        bytes: () => result.bytes(),
        [Symbol.asyncDispose]: () => result[Symbol.asyncDispose](),
      };
    },
  })),
  broken(
    "has no bytes()",
    getting(() => ({ bytes: () => Promise.resolve(new Uint8Array()) })),
  ),
  broken("answers with a shared array", () => {
    const shared = new Map<string, Promise<Bytes>>();
    return (good) => ({
      get: async (key, options) => {
        const result = await good.get(key, options);
        const bytes = result.bytes.bind(result);
        const name = `${key} ${result.info.etag}`;
        return Object.assign(result, {
          bytes: () => {
            const found = shared.get(name) ?? bytes();
            shared.set(name, found);
            return found;
          },
        });
      },
    });
  }),
  broken("answers for what is missing", () => (good) => ({
    get: async (key, options) => {
      try {
        return await good.get(key, options);
      } catch (error) {
        if (!isStoreError(error, "not-found")) throw error;
        const info = { key, size: 0, lastModified: new Date() };
        return {
          info,
          range: { offset: 0, length: 0 },
          body: readableFrom(nothing()),
          bytes: async () => new Uint8Array(),
          async [Symbol.asyncDispose]() {},
        };
      }
    },
  })),
  broken("has a head for what is missing", () => (good) => ({
    head: (key, options) =>
      good.head(key, options).catch((error: unknown) => {
        if (isStoreError(error, "not-found")) return { key, size: 0, lastModified: new Date() };
        throw error;
      }),
  })),
  broken("says missing objects are unavailable", () => (good) => ({
    get: (key, options) =>
      good.get(key, options).catch((error: unknown) => {
        throw isStoreError(error, "not-found") ? new Error("unavailable") : error;
      }),
    head: (key, options) =>
      good.head(key, options).catch((error: unknown) => {
        throw isStoreError(error, "not-found") ? new Error("unavailable") : error;
      }),
  })),
  broken(
    "tells a wrong key",
    telling(() => ({ key: "other" as ObjectKey })),
  ),
  broken(
    "tells a wrong size",
    telling((info) => ({ size: info.size + 1 })),
  ),
  broken(
    "tells seconds for milliseconds",
    telling((info) => ({ lastModified: new Date(info.lastModified.getTime() / 1_000) })),
  ),
  broken(
    "tells another etag with get",
    getting((result) => ({ info: { ...result.info, etag: "x" } })),
  ),
  broken(
    "tells the size of the range",
    getting((result) => ({ info: { ...result.info, size: result.range.length } })),
  ),
  broken("fails when a result is disposed twice", () => (good) => ({
    get: async (key, options) => {
      const result = await good.get(key, options);
      let disposed = false;
      return Object.assign(result, {
        async [Symbol.asyncDispose]() {
          if (disposed) throw new Error("disposed twice");
          disposed = true;
        },
      });
    },
  })),
  broken("exhausts itself on results that are not read", () => {
    let open = 0;
    return (good) => ({
      get: async (key, options) => {
        if (++open > 60) throw new Error("no more sockets");
        const result = await good.get(key, options);
        const bytes = result.bytes.bind(result);
        return Object.assign(result, { bytes: () => (open--, bytes()) });
      },
    });
  }),
  broken("allows no new write while results are open", () => {
    let open = 0;
    return (good) => ({
      get: async (key, options) => {
        const result = await good.get(key, options);
        open++;
        const bytes = result.bytes.bind(result);
        return Object.assign(result, {
          bytes: () => (open--, bytes()),
          [Symbol.asyncDispose]: async () => void open--,
        });
      },
      put: async (key, body, options) => {
        if (open > 50) throw new Error("no more sockets");
        return await good.put(key, body, options);
      },
    });
  }),
  broken("allows a body to be read twice", () => (good) => ({
    get: async (key, options) => {
      const result = await good.get(key, options);
      return Object.assign(result, { bytes: async () => await (await good.get(key, options)).bytes() });
    },
  })),
  broken("deletes an object whose body is cancelled", () => (good) => ({
    get: async (key, options) => {
      const result = await good.get(key, options);
      const { info, range } = result;
      return {
        info,
        range,
        bytes: () => result.bytes(),
        get body() {
          const chunks = chunksOf(result.body);
          return readableFrom(chunks, async () => void (await good.delete(key)));
        },
        [Symbol.asyncDispose]: () => result[Symbol.asyncDispose](),
      };
    },
  })),
  broken("reads the rest of a body from a newer object", () => (good) => ({
    get: async (key, options) => {
      const { info, range, [Symbol.asyncDispose]: dispose } = await good.get(key, options);
      async function* late(): AsyncGenerator<Bytes> {
        for (let offset = range.offset; offset < range.offset + range.length; offset += 100_000) {
          const length = Math.min(100_000, range.offset + range.length - offset);
          yield await (await good.get(key, { range: { offset, length } })).bytes();
        }
      }
      async function bytes(): Promise<Bytes> {
        const parts: Bytes[] = [];
        for await (const part of late()) {
          parts.push(part);
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
      }
      return { info, range, body: readableFrom(late()), bytes, [Symbol.asyncDispose]: dispose };
    },
  })),
  broken(
    "begins ranges a byte late",
    ranged((range) => ("suffix" in range ? range : { ...range, offset: range.offset + 1 })),
  ),
  broken(
    "ignores the length of ranges",
    ranged((range) => ("suffix" in range ? range : { offset: range.offset })),
  ),
  broken(
    "ignores ranges",
    ranged(() => undefined),
  ),
  broken(
    "takes a suffix for an offset",
    ranged((range) => ("suffix" in range ? { offset: range.suffix } : range)),
  ),
  broken(
    "takes any number for a range",
    ranged((range) =>
      "suffix" in range
        ? { suffix: Math.max(1, range.suffix) }
        : {
            offset: Math.max(0, Math.floor(range.offset)),
            length: Math.max(1, range.length ?? 1e9),
          },
    ),
  ),
  broken("sorts the answers of getRanges", () => (good) => ({
    getRanges: async (key, ranges, options) =>
      (await good.getRanges(key, ranges, options)).toSorted((a, b) => a.byteLength - b.byteLength),
  })),
  broken("answers ranges past the end with nothing", () => (good) => ({
    getRanges: (key, ranges, options) =>
      good.getRanges(key, ranges, options).catch((error: unknown) => {
        if (isStoreError(error, "invalid-range") || isStoreError(error, "not-found"))
          return ranges.map(() => new Uint8Array());
        throw error;
      }),
  })),
  broken("has getRanges answer one more than asked", () => (good) => ({
    getRanges: async (key, ranges, options) => [...(await good.getRanges(key, ranges, options)), new Uint8Array()],
  })),
  broken("deletes what getRanges has read", () => (good) => ({
    getRanges: async (key, ranges, options) => {
      const found = await good.getRanges(key, ranges, options);
      await good.delete(key);
      return found;
    },
  })),
];
