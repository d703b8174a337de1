import { type ByteSource, type Bytes, type CodecSite, ValueError } from "@mortise/core";
import { isObjectRef, type ObjectRef } from "@mortise/object-ref";
import { type AcceptedFile, type AcceptedFolder, acceptPath } from "./local.ts";

/** Bytes that can be named by an extension: in memory, or read once. */
export type ObjectBytes = ByteSource | ArrayBuffer;

/**
 * What an `<object>` attribute takes:
 *
 * | value | becomes |
 * |---|---|
 * | bytes, `Blob`, stream, async iterable | a file without extension |
 * | path or `file:` URL of a file | a file with the source's last suffix |
 * | path or `file:` URL of a folder | a folder with a manifest; keeps a `.zarr` suffix |
 * | `[extension, bytes or stream]` | a file with that extension |
 * | `{ source, extension }` | any of these, with that extension |
 * | a fetched `ObjectRef` of a file | a copy |
 */
export type ObjectInput =
  | string
  | URL
  | ObjectBytes
  | ObjectRef
  | readonly [extension: string, source: ObjectBytes]
  | { readonly source: string | URL | ObjectBytes | ObjectRef; readonly extension: string };

export interface AcceptedBytes {
  readonly kind: "bytes";
  readonly extension: string | undefined;
  /** Bytes, where known. */
  readonly size: number | undefined;
  /** Called for each attempt; a stream answers once. */
  open(): ByteSource | Promise<ByteSource>;
}

export type AcceptedObject = AcceptedBytes | AcceptedFile | AcceptedFolder;

function wrongType(value: unknown, site: CodecSite): ValueError {
  const found = value === null ? "null" : Array.isArray(value) ? `an array of ${value.length}` : typeof value;
  return new ValueError("wrong-type", `<object> expects bytes, a stream, a path or [extension, bytes], got ${found}`, {
    site,
    hint: "a value in memory belongs to <blob>; a file that is in the store already belongs to <filepath>",
  });
}

function isStream(value: unknown): value is ReadableStream<Bytes> | AsyncIterable<Bytes> {
  return (
    value instanceof ReadableStream ||
    (typeof value === "object" && value !== null && Symbol.asyncIterator in value && !isObjectRef(value))
  );
}

/** A stream can be read once: a second attempt must not write what is left of it. */
function once(source: ByteSource, site: CodecSite): () => ByteSource {
  let used = false;
  return () => {
    if (used) {
      throw new ValueError("stream-consumed", "the stream was read by an earlier attempt and can't be read again", {
        site,
        hint: "insert bytes, a Blob or a path where the write may have to be repeated",
      });
    }
    used = true;
    return source;
  };
}

function acceptBytes(value: unknown, extension: string | undefined, site: CodecSite): AcceptedBytes | undefined {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    const bytes =
      value instanceof ArrayBuffer
        ? new Uint8Array(value)
        : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { kind: "bytes", extension, size: bytes.byteLength, open: () => bytes };
  }
  if (value instanceof Blob) return { kind: "bytes", extension, size: value.size, open: () => value };
  if (isStream(value)) return { kind: "bytes", extension, size: undefined, open: once(value, site) };
  return undefined;
}

async function acceptSource(value: unknown, extension: string | undefined, site: CodecSite): Promise<AcceptedObject> {
  if (typeof value === "string" || value instanceof URL) return await acceptPath(String(value), extension, site);
  if (isObjectRef(value)) {
    if (value.isDir) {
      throw new ValueError("wrong-type", `<object> can't copy the folder ${value.path} from a reference`, {
        site,
        hint: "download it, then insert the downloaded folder",
      });
    }
    const ref = value;
    return {
      kind: "bytes",
      extension: extension ?? ref.ext ?? undefined,
      size: ref.size ?? undefined,
      open: () => ref.stream(),
    };
  }
  const accepted = acceptBytes(value, extension, site);
  if (accepted === undefined) throw wrongType(value, site);
  return accepted;
}

/** Finds out what the value is, and whether its source is there; nothing is read or written. */
export async function acceptObject(value: unknown, site: CodecSite): Promise<AcceptedObject> {
  if (Array.isArray(value)) {
    const [extension, source] = value as readonly unknown[];
    const accepted =
      value.length === 2 && typeof extension === "string" ? acceptBytes(source, extension, site) : undefined;
    if (accepted === undefined) throw wrongType(value, site);
    return accepted;
  }
  const named = value as { readonly source?: unknown; readonly extension?: unknown } | null;
  if (typeof named === "object" && named !== null && Object.hasOwn(named, "source")) {
    if (typeof named.extension !== "string") throw wrongType(value, site);
    return await acceptSource(named.source, named.extension, site);
  }
  return await acceptSource(value, undefined, site);
}
