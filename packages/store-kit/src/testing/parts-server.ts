import type { Bytes, Multipart, MultipartUpload, OperationOptions, PutOptions, UploadedPart } from "@mortise/core";
import { digest } from "@mortise/core";
import { storeError } from "../errors.ts";

/** What a test makes a server of parts do. */
export interface PartsServerOptions {
  readonly limits?: Partial<MultipartUpload["limits"]> | undefined;
  /** Whether parts are told with their MD5. Default true. */
  readonly md5?: boolean | undefined;
  /** Of a whole: `told` with its CRC32C, or refused as well where another was promised. Default: neither. */
  readonly whole?: "told" | "compared" | undefined;
  /** Called before a part is taken; what it throws, or a promise that never ends, is what the server does. */
  readonly onPart?: ((number: number, options: OperationOptions) => Promise<void> | void) | undefined;
  readonly onComplete?: ((options: PutOptions) => void) | undefined;
  readonly onAbort?: (() => void) | undefined;
}

/** A server that takes uploads in parts and nothing else, with everything it has seen. */
export interface PartsServer {
  readonly multipart: Multipart;
  /** Open uploads: the parts by number. */
  readonly uploads: Map<string, Map<number, Bytes>>;
  /** Bodies of completed uploads. */
  readonly completed: Bytes[];
  /** Numbers of the parts that came, in order. */
  readonly received: number[];
  /** The most parts that were under way at once. */
  readonly peak: number;
  readonly aborts: number;
}

const site = { operation: "test", store: "parts" };

/** A server of parts in this process. */
export function createPartsServer(options: PartsServerOptions = {}): PartsServer {
  const limits = { minPart: 1, maxPart: 1_000_000, maxParts: 10_000, ...options.limits };
  const uploads = new Map<string, Map<number, Bytes>>();
  const completed: Bytes[] = [];
  const received: number[] = [];
  let active = 0;
  let peak = 0;
  let aborts = 0;

  function partsOf(id: string): Map<number, Bytes> {
    const parts = uploads.get(id);
    if (parts === undefined) throw storeError(site, "not-found", "there is no such upload");
    return parts;
  }
  const described = (number: number, bytes: Bytes): UploadedPart => ({
    number,
    size: bytes.byteLength,
    token: `t${number}`,
    checksums: options.md5 === false ? undefined : { md5: digest("md5", bytes) },
  });

  function open(id: string): MultipartUpload {
    return {
      id,
      limits,
      async uploadPart(number, bytes, call = {}) {
        active++;
        peak = Math.max(peak, active);
        try {
          await options.onPart?.(number, call);
          call.onSent?.(bytes.byteLength);
          // A turn later, as on a network: a buffer that is used again too early is seen.
          await new Promise((resolve) => setImmediate(resolve));
          partsOf(id).set(number, new Uint8Array(bytes));
          received.push(number);
          return described(number, bytes);
        } finally {
          active--;
        }
      },
      async *parts() {
        const parts = [...partsOf(id)].sort(([one], [other]) => one - other);
        for (const [number, bytes] of parts) yield await Promise.resolve(described(number, bytes));
      },
      async complete(given, call = {}) {
        options.onComplete?.(call);
        const parts = partsOf(id);
        const bytes = Buffer.concat(given.map(({ number }) => parts.get(number) ?? new Uint8Array()));
        const crc32c = digest("crc32c", bytes);
        if (options.whole === "compared" && (call.expect?.crc32c ?? crc32c) !== crc32c) {
          throw storeError(site, "checksum-mismatch", "the whole has another CRC32C");
        }
        uploads.delete(id);
        completed.push(bytes);
        return { size: bytes.byteLength, etag: "e", checksums: options.whole === undefined ? {} : { crc32c } };
      },
      async abort() {
        aborts++;
        options.onAbort?.();
        uploads.delete(id);
      },
      async [Symbol.asyncDispose]() {},
    };
  }

  return {
    uploads,
    completed,
    received,
    get peak() {
      return peak;
    },
    get aborts() {
      return aborts;
    },
    multipart: {
      async start() {
        const id = `u${uploads.size + completed.length + aborts}`;
        uploads.set(id, new Map());
        return open(id);
      },
      async resume(_key, id) {
        partsOf(id);
        return open(id);
      },
      async *list() {},
    },
  };
}
