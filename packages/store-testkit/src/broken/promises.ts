import type { Bytes, ObjectKey, ObjectStore } from "@mortise/core";
import { isStoreError, StoreError } from "@mortise/core";
import { chunksOf } from "@mortise/store-kit";
import type { Break, BrokenStore } from "./break.ts";
import { broken, putWith, whole } from "./break.ts";
import { recoded } from "./conditions.ts";

const deaf: Break = (good: ObjectStore) => ({
  put: (key, body, options) => good.put(key, body, { ...options, signal: undefined, timeoutMs: 500 }),
  get: (key, options) => good.get(key, { ...options, signal: undefined }),
  head: (key) => good.head(key),
  delete: (key) => good.delete(key),
  copy: (from, to, options) => good.copy(from, to, { ...options, signal: undefined }),
  move: (from, to, options) => good.move(from, to, { ...options, signal: undefined }),
  list: (options) => good.list({ ...options, signal: undefined }),
  deleteMany: (keys, options) => good.deleteMany(keys, { ...options, signal: undefined }),
});

/** Stores that break promises about digests, aborts, many at once, copies and their end. */
export const brokenPromises: readonly BrokenStore[] = [
  broken(
    "ignores expected digests",
    putWith((options) => ({ ...options, expect: undefined })),
  ),
  broken("ignores digests that nobody can compute", () => (good) => ({
    put: (key, body, options) => good.put(key, body, { ...options, compute: undefined, expect: undefined }),
    get: (key, options) => good.get(key, { ...options, verify: undefined }),
  })),
  broken("refuses digests in capital letters", () => (good) => ({
    put: async (key, body, options) => {
      const given = Object.values(options?.expect ?? {}).find((value) => value !== value?.toLowerCase());
      if (given !== undefined) throw new Error("capital letters");
      return await good.put(key, body, options);
    },
  })),
  broken(
    "computes no digests",
    putWith((options) => ({ ...options, compute: undefined })),
  ),
  broken(
    "computes one digest only",
    putWith((options) => ({ ...options, compute: options.compute?.slice(0, 1) })),
  ),
  broken("computes digests of the first megabyte", () => (good) => ({
    put: async (key, body, options) => {
      if (body instanceof Uint8Array && body.byteLength > 1e6) {
        const { checksums } = await good.put(key, body.subarray(0, 1e6), { compute: options?.compute });
        return { ...(await good.put(key, body, options)), checksums };
      }
      return await good.put(key, body, options);
    },
  })),
  broken("does not verify", () => (good) => ({
    get: (key, options) => good.get(key, { ...options, verify: undefined }),
    copy: (from, to, options) => good.copy(from, to, { ...options, expect: undefined }),
  })),
  broken("never verifies", () => (good) => ({
    get: (key, options) =>
      good.get(key, options?.verify === undefined ? options : { ...options, verify: { md5: "0" } }),
  })),
  broken("is deaf to signals", () => deaf),
  broken("does not hear a signal before it works", () => (good) => ({
    delete: (key, options) => good.delete(key, { ifMatch: options?.ifMatch }),
    head: (key) => good.head(key),
  })),
  broken("says a timeout is an abort", recoded("timeout", "aborted")),
  broken("says an abort is a timeout", recoded("aborted", "timeout")),
  broken("says wrong sizes and digests are unknown", recoded("checksum-mismatch", "unknown")),
  broken("says bad ranges are unknown", recoded("invalid-range", "unknown")),
  broken("says bad keys are unknown", recoded("invalid-key", "unknown")),
  broken("never tells a source to stop", () => (good) => ({
    put: (key, body, options) => {
      if (body instanceof Uint8Array || body instanceof Blob || body instanceof ReadableStream)
        return good.put(key, body, options);
      const iterator = chunksOf(body)[Symbol.asyncIterator]();
      return good.put(key, { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) }, options);
    },
  })),
  broken("stores what came before a source failed", () => (good) => ({
    put: async (key, body, options) => {
      if (body instanceof Uint8Array) return await good.put(key, body, options);
      const before: Bytes[] = [];
      async function* seen(): AsyncGenerator<Bytes> {
        for await (const chunk of chunksOf(body)) {
          before.push(chunk);
          yield chunk;
        }
      }
      try {
        return await good.put(key, seen(), options);
      } catch (error) {
        if (!isStoreError(error, "already-exists"))
          await good.put(key, before[0] ?? new Uint8Array()).catch(() => undefined);
        throw error;
      }
    },
  })),
  broken("hides why a source failed", () => (good) => ({
    put: (key, body, options) =>
      good.put(key, body, options).catch((error: unknown) => {
        if (!isStoreError(error, "unknown")) throw error;
        throw new StoreError("unknown", "failed", { operation: "put", store: "broken" });
      }),
  })),
  broken("deletes an object when the signal of its writing is aborted later", () => (good) => ({
    put: async (key, body, options) => {
      const result = await good.put(key, body, options);
      options?.signal?.addEventListener("abort", () => void good.delete(key));
      return result;
    },
  })),
  broken("loses writes when many come at once", () => {
    let writing = 0;
    return (good) => ({
      put: async (key, body, options) => {
        const result = await good.put(key, body, options);
        if (++writing > 100) await good.delete(key);
        setTimeout(() => writing--, 50);
        return result;
      },
    });
  }),
  broken("writes in place", () => (good) => ({
    put: async (key, body, options) => {
      if (options?.mode !== undefined) return await good.put(key, body, options);
      const bytes = await whole(body);
      const old = await good.get(key).then(
        (result) => result.bytes(),
        () => new Uint8Array(),
      );
      const half = bytes.byteLength >> 1;
      await good.put(key, new Uint8Array(await new Blob([bytes.slice(0, half), old.slice(half)]).arrayBuffer()));
      await new Promise((resolve) => setTimeout(resolve, 2));
      const now = await (await good.get(key)).bytes();
      return await good.put(
        key,
        new Uint8Array(await new Blob([now.slice(0, half), bytes.slice(half)]).arrayBuffer()),
        options,
      );
    },
  })),
  broken("fails writes into a folder that is being deleted", () => {
    let deleting = 0;
    return (good) => ({
      delete: async (key, options) => {
        deleting++;
        await new Promise((resolve) => setTimeout(resolve, 1));
        deleting--;
        return await good.delete(key, options);
      },
      put: async (key, body, options) => {
        if (deleting > 0 && key.includes("/x/y/")) throw new Error("no such folder");
        return await good.put(key, body, options);
      },
    });
  }),
  broken("refuses more than 100 reads at once", () => {
    let reading = 0;
    return (good) => ({
      get: async (key, options) => {
        if (++reading > 100) throw new Error("too many");
        await new Promise((resolve) => setTimeout(resolve, 1));
        return await good.get(key, options).finally(() => reading--);
      },
    });
  }),
  broken("blocks reads while many writes wait", () => {
    let writing = 0;
    return (good) => ({
      put: async (key, body, options) => {
        writing++;
        return await good.put(key, body, options).finally(() => writing--);
      },
      get: async (key, options) => {
        if (writing >= 64) throw new Error("no slot");
        return await good.get(key, options);
      },
    });
  }),
  broken("fails readers of an object that appears", () => {
    const appearing = new Set<ObjectKey>();
    return (good) => ({
      put: (key, body, options) => {
        appearing.add(key);
        return good.put(key, body, options).finally(() => appearing.delete(key));
      },
      get: async (key, options) => {
        if (appearing.has(key))
          throw new StoreError("unavailable", "half of it", { operation: "get", store: "broken" });
        return await good.get(key, options);
      },
    });
  }),
  broken("copies nothing", () => (good) => ({ copy: async (from) => ({ ...(await good.head(from)), checksums: {} }) })),
  broken("copies by reference", () => {
    const links = new Map<ObjectKey, ObjectKey>();
    return (good) => ({
      copy: async (from, to, options) => {
        links.set(to, from);
        return await good.copy(from, to, options);
      },
      get: (key, options) => good.get(links.get(key) ?? key, options),
    });
  }),
  broken("takes the source away when it copies", () => (good) => ({
    copy: (from, to, options) => good.move(from, to, options),
  })),
  broken("copies and moves without conditions", () => (good) => ({
    copy: (from, to, options) => good.copy(from, to, { ...options, mode: undefined }),
    move: (from, to, options) => good.move(from, to, { ...options, mode: undefined }),
  })),
  broken("never replaces the target of a copy or move", () => (good) => ({
    copy: (from, to, options) => good.copy(from, to, { ...options, mode: "create" }),
    move: (from, to, options) => good.move(from, to, { ...options, mode: "create" }),
  })),
  broken("deletes the target before it looks for the source", () => (good) => ({
    copy: async (from, to, options) => {
      if (options?.mode === undefined) await good.delete(to);
      return await good.copy(from, to, options);
    },
    move: async (from, to, options) => {
      if (options?.mode === undefined) await good.delete(to);
      return await good.move(from, to, options);
    },
  })),
  broken("returns the etag of a copy's source", () => (good) => ({
    copy: async (from, to, options) => ({
      ...(await good.copy(from, to, options)),
      etag: (await good.head(from)).etag,
    }),
  })),
  broken("copies no empty objects", () => (good) => ({
    copy: async (from, to, options) => {
      const result = await good.copy(from, to, options);
      if (result.size === 0) await good.delete(to);
      return result;
    },
  })),
  broken("leaves the source of a move", () => (good) => ({
    move: (from, to, options) => good.copy(from, to, options),
  })),
  broken("deletes what is moved to itself", () => (good) => ({
    move: async (from, to, options) => {
      const result = await good.move(from, to, options);
      await good.delete(from);
      return result;
    },
  })),
  broken("goes on when it is closed", () => () => ({ close: async () => undefined, async [Symbol.asyncDispose]() {} })),
  broken("can't be closed twice", () => (good) => {
    let closed = false;
    return {
      close: async () => {
        if (closed) throw new Error("closed already");
        closed = true;
        await good.close();
      },
    };
  }),
  broken("says that whatever is asked for is durable", () => () => ({ ensureDurable: async () => undefined })),
  broken("makes nothing durable", () => () => ({
    ensureDurable: async () => await Promise.reject(new Error("not today")),
  })),
  broken("has no protocol", () => () => ({ protocol: "" })),
  broken("changes its identity with every write", () => (good) => ({
    put: async (key, body, options) => {
      await good.delete("_mortise/store.json" as ObjectKey);
      const result = await good.put(key, body, options);
      const identity = new TextEncoder().encode(JSON.stringify({ formatVersion: 1, storeId: crypto.randomUUID() }));
      await good.put("_mortise/store.json" as ObjectKey, identity);
      return result;
    },
  })),
];
