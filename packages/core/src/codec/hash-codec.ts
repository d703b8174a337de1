/**
 * `<hash@>`: bytes named by their content, stored once per schema. `<blob@>` and `<attach@>` chain to it.
 * The column has exactly Python's keys `hash`, `path`, `schema`, `store`, `size`.
 */
import type { ByteSource, Bytes } from "../bytes.ts";
import { contentHashOfMd5, isContentHash } from "../digest/content-hash.ts";
import { createHasher, digest } from "../digest/digest.ts";
import { CodecError, isStoreError, ValueError } from "../errors.ts";
import { parseKey } from "../keys/parse-key.ts";
import { definePlugin } from "../registry/copies.ts";
import type { GetResult } from "../store/contract.ts";
import type { Codec, CodecSite, DecodeContext, HashMetadata, ObjectReference } from "./contract.ts";
import { placeText } from "./place-text.ts";
import { requireStore } from "./spec.ts";

/** Objects up to here are read and hashed in one piece; above, while the bytes arrive, so that the event loop breathes. */
const onePieceBytes = 1024 * 1024;

/** A writer reads content that is there before it relies on it, and replaces what is damaged. */
const remedy =
  "Restore it from a backup, or insert the same content into this column again: that writes the object anew.";

/** What a user may insert. Codecs that chain to `<hash>` may hand on any `ByteSource`, or a function that opens one. */
export type HashInput = Bytes | DataView | ArrayBufferLike;

interface Recorded {
  readonly hash: string;
  readonly path: string;
  readonly store?: unknown;
  readonly size?: unknown;
}

function nameOf(value: unknown): string {
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  return value.constructor?.name ?? "object";
}

/** Views without a copy. Arrays of wider numbers are refused: their bytes depend on the machine, which is rarely meant. */
function bytesOf(value: unknown): Bytes | undefined {
  if (value instanceof Uint8Array) return value;
  if (value instanceof DataView) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (typeof SharedArrayBuffer !== "undefined" && value instanceof SharedArrayBuffer) return new Uint8Array(value);
  return undefined;
}

/** What decoding needs; throws for metadata of DataJoint before 2.0, which has a URL or a hexadecimal hash. */
function recorded(stored: unknown, site?: CodecSite): Recorded {
  const at = site === undefined ? {} : { site };
  if (typeof stored !== "object" || stored === null || Array.isArray(stored)) {
    throw new CodecError("corrupt", `<hash> expects an object with "hash" and "path", found ${nameOf(stored)}`, at);
  }
  const { hash, path } = stored as Readonly<Record<string, unknown>>;
  if (typeof path === "string" && path !== "" && isContentHash(hash)) return stored as Recorded;
  const keys = Object.keys(stored).join(", ");
  if (typeof hash === "string" && (path === undefined || /^[0-9a-f]{32,64}$/.test(hash))) {
    throw new CodecError("legacy-metadata", `<hash> found legacy metadata with the keys ${keys}`, {
      ...at,
      hint: "The row was written by a migration to DataJoint 2.0; insert its content again.",
    });
  }
  throw new CodecError("corrupt", `<hash> found metadata without a usable "hash" and "path": its keys are ${keys}`, at);
}

async function readVerified(result: GetResult, meta: Recorded, site: CodecSite): Promise<Bytes> {
  await using open = result;
  const { size } = open.info;
  if (typeof meta.size === "number" && meta.size !== size) {
    throw new CodecError(
      "size-mismatch",
      `${placeText(site)}: ${meta.path} has ${size} bytes, its row says ${meta.size}`,
      {
        site,
        hint: `The object was truncated or replaced. ${remedy}`,
      },
    );
  }
  let md5: string;
  let bytes: Bytes;
  if (size <= onePieceBytes) {
    bytes = await open.bytes();
    md5 = digest("md5", bytes);
  } else {
    const hasher = createHasher("md5");
    const whole = new Uint8Array(size);
    let offset = 0;
    for await (const chunk of open.body) {
      hasher.update(chunk);
      // A body longer than announced is the store's fault; the hash then differs, and that is what is reported.
      whole.set(chunk.subarray(0, size - offset), offset);
      offset = Math.min(offset + chunk.byteLength, size);
    }
    bytes = whole;
    md5 = hasher.digest();
  }
  const found = contentHashOfMd5(md5);
  if (found === meta.hash) return bytes;
  const message = `${placeText(site)}: Hash mismatch: expected ${meta.hash} got ${found} for ${meta.path}`;
  throw new CodecError("hash-mismatch", message, { site, hint: `The object is damaged. ${remedy}` });
}

async function decode(stored: unknown, context: DecodeContext): Promise<Bytes> {
  const { site } = context;
  const meta = recorded(stored, site);
  const store = context.storeOf(meta.store);
  const reference: ObjectReference = { store, section: "hash", path: meta.path, shape: "object" };
  const { objects } = await context.open(reference);
  try {
    const result = await objects.get(parseKey(meta.path), { signal: context.signal });
    return await readVerified(result, meta, site);
  } catch (cause) {
    if (!isStoreError(cause, "not-found")) throw cause;
    throw new CodecError("missing-object", `${placeText(site)}: ${meta.path} is missing from store "${store}"`, {
      site,
      cause,
      hint: `Look whether the store's location is the right one. ${remedy}`,
    });
  }
}

/** Built in: every registry has it. */
export const hashCodec: Codec<"hash", HashInput, Bytes, HashMetadata> = definePlugin({
  kind: "codec",
  apiVersion: 1,
  name: "hash",
  origin: import.meta.url,
  storageType(mode) {
    requireStore("hash", mode);
    return "json";
  },
  accept(value, site) {
    const bytes = bytesOf(value);
    if (bytes !== undefined) return bytes;
    throw new ValueError("invalid-type", `<hash> expects bytes for ${site.attribute}, got ${nameOf(value)}`, {
      site,
      hint: "Give a Uint8Array, Buffer, DataView or ArrayBuffer; text goes through new TextEncoder().encode(text).",
    });
  },
  encode: (value, context) => context.hash(value as ByteSource | (() => ByteSource)),
  decode,
  references(stored) {
    // Looser than decoding: whatever has a path keeps its object from the collector.
    const { path, store } = (stored ?? {}) as { readonly path?: unknown; readonly store?: unknown };
    if (typeof path === "string" && path !== "") {
      return [{ store: typeof store === "string" ? store : "", section: "hash", path, shape: "object" }];
    }
    recorded(stored);
    return [];
  },
});
