import { type ByteSource, type Bytes, type Codec, CodecError, definePlugin, type StorageType } from "@mortise/core";
import { deliver } from "./deliver.ts";
import { type Attachment, collect, parsePayload, payloadOf } from "./payload.ts";
import { type AttachmentSource, acceptSource } from "./source.ts";

/** Path or `file:` URL of a local file. */
export type AttachInput = string | URL;

/** What a column holds, or the next codec takes: the payload, or how to read it again. */
type Payload = Bytes | (() => ByteSource);

export type AttachCodec<Out = string> = Codec<"attach", AttachInput, Out, Payload, AttachmentSource>;

function bytesOf(stored: unknown): Bytes {
  if (stored instanceof Uint8Array) return stored;
  throw new CodecError("corrupt", `corrupted attachment: expected bytes, got ${typeof stored}`);
}

function attachCodecWith<Out>(decode: AttachCodec<Out>["decode"]): AttachCodec<Out> {
  return definePlugin<AttachCodec<Out>>({
    kind: "codec",
    apiVersion: 1,
    name: "attach",
    origin: import.meta.url,
    storageType: (mode): StorageType => (mode.external ? "<hash>" : "bytes"),
    accept: acceptSource,
    async encode(source, context) {
      const payload = (): AsyncGenerator<Bytes, void, undefined> => payloadOf(source.name, source.open());
      return context.storeName === undefined ? await collect(payload()) : payload;
    },
    decode,
    references: () => [],
  });
}

/**
 * `<attach>` and `<attach@store>`: a file with its name. Fetching writes it into the configured `download_path` and
 * returns the path, as DataJoint for Python does.
 */
export const attachCodec: AttachCodec = attachCodecWith(async (stored, context) =>
  deliver(parsePayload(bytesOf(stored)), context.downloadPath),
);

/** The same column, fetched as name and content: nothing is written to the disk. */
export const attachInMemoryCodec: AttachCodec<Attachment> = attachCodecWith((stored) => parsePayload(bytesOf(stored)));
