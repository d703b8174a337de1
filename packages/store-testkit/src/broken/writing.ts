import type { ByteSource, Bytes, ObjectKey } from "@mortise/core";
import { chunksOf } from "@mortise/store-kit";
import type { BrokenStore } from "./break.ts";
import { broken, putting, putWith, sizeless, whole } from "./break.ts";

/** Stores that write wrongly. */
export const brokenWriters: readonly BrokenStore[] = [
  broken(
    "loses the last byte",
    putting((bytes) => bytes.subarray(0, Math.max(0, bytes.byteLength - 1))),
  ),
  broken(
    "adds a byte",
    putting((bytes) => new Uint8Array([...bytes, 0])),
  ),
  broken(
    "stores the buffer behind a view",
    putting((bytes) => new Uint8Array(bytes.buffer)),
  ),
  broken("forgets empty bodies", () => (good) => ({
    put: async (key, body, options) => {
      const bytes = await whole(body);
      const result = await good.put(key, bytes, sizeless(options));
      if (bytes.byteLength === 0) await good.delete(key);
      return result;
    },
  })),
  broken("refuses Blobs", () => (good) => ({
    put: async (key, body, options) => {
      if (body instanceof Blob) throw new Error("no Blobs");
      return await good.put(key, body, options);
    },
  })),
  broken("refuses streams", () => (good) => ({
    put: async (key, body, options) => {
      if (body instanceof ReadableStream) throw new Error("no streams");
      return await good.put(key, body, options);
    },
  })),
  broken("reverses chunks", () => (good) => ({
    put: async (key, body, options) => {
      if (body instanceof Uint8Array) return await good.put(key, body, options);
      return await good.put(key, joined((await copied(body)).reverse()), sizeless(options));
    },
  })),
  broken("keeps chunks without copying them", () => (good) => ({
    put: async (key, body, options) => {
      if (body instanceof Uint8Array) return await good.put(key, body, options);
      const chunks: Bytes[] = [];
      for await (const chunk of chunksOf(body)) chunks.push(chunk);
      return await good.put(key, joined(chunks), sizeless(options));
    },
  })),
  broken("keeps the caller's array", () => {
    const kept = new Map<ObjectKey, Bytes>();
    return (good) => ({
      put: async (key, body, options) => {
        if (body instanceof Uint8Array) kept.set(key, body);
        return await good.put(key, body, options);
      },
      get: async (key, options) => {
        const body = kept.get(key);
        if (body !== undefined) await good.put(key, body);
        return await good.get(key, options);
      },
    });
  }),
  broken("does not check sizes", () => (good) => ({
    put: (key, body, options) => good.put(key, body, sizeless(options)),
  })),
  broken("deletes the old object when a write fails", () => (good) => ({
    put: async (key, body, options) => {
      try {
        return await good.put(key, body, options);
      } catch (error) {
        await good.delete(key).catch(() => undefined);
        throw error;
      }
    },
  })),
  broken("leaves debris when a write fails", () => (good) => ({
    put: async (key, body, options) => {
      try {
        return await good.put(key, body, options);
      } catch (error) {
        await good.put(`${key}.part` as ObjectKey, new Uint8Array(3)).catch(() => undefined);
        throw error;
      }
    },
  })),
  broken("keeps the tail of a longer old object", () => (good) => ({
    put: async (key, body, options) => {
      const old = await good.get(key).then(
        (result) => result.bytes(),
        () => new Uint8Array(),
      );
      const bytes = await whole(body);
      return await good.put(key, joined([bytes, old.subarray(bytes.byteLength)]), sizeless(options));
    },
  })),
  broken("overwrites a neighbour", () => (good) => ({
    put: async (key, body, options) => {
      const neighbour = `${key}1` as ObjectKey;
      if (
        await good.head(neighbour).then(
          () => true,
          () => false,
        )
      )
        await good.put(neighbour, new Uint8Array());
      return await good.put(key, body, options);
    },
  })),
  broken(
    "reports no progress",
    putWith((options) => ({ ...options, onProgress: undefined })),
  ),
  broken("returns an etag of its own", () => (good) => ({
    put: async (key, body, options) => ({ ...(await good.put(key, body, options)), etag: "x" }),
  })),
  broken("returns no size", () => (good) => ({
    put: async (key, body, options) => ({ ...(await good.put(key, body, options)), size: 0 }),
  })),
  broken("takes texts for bytes", () => (good) => ({
    put: async (key, body: unknown, options) => {
      if (
        typeof body === "object" &&
        body !== null &&
        Symbol.asyncIterator in body &&
        !(body instanceof ReadableStream)
      ) {
        return await good.put(key, encoded(body as AsyncIterable<unknown>), options);
      }
      return await good.put(key, body as ByteSource, options);
    },
  })),
  broken("takes anything for a body", () => (good) => ({
    put: async (key, body: unknown, options) => {
      const known = typeof body === "object" && body !== null && (body instanceof Blob || Symbol.asyncIterator in body);
      return await good.put(
        key,
        known || body instanceof Uint8Array ? (body as ByteSource) : new Uint8Array(),
        options,
      );
    },
  })),
];

async function copied(body: ByteSource): Promise<Bytes[]> {
  const chunks: Bytes[] = [];
  for await (const chunk of chunksOf(body)) chunks.push(new Uint8Array(chunk));
  return chunks;
}

function joined(chunks: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

async function* encoded(source: AsyncIterable<unknown>): AsyncGenerator<Bytes> {
  for await (const chunk of source)
    yield typeof chunk === "string" ? new TextEncoder().encode(chunk) : (chunk as Bytes);
}
