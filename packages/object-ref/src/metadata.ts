import { CodecError } from "@mortise/core";
import { parseTimestamp } from "./timestamp.ts";

/** What a reference knows without reading the store: the column value in this language's names. */
export interface ObjectFields {
  /** Relative to the store's root. */
  readonly path: string;
  /** The resolved store name; null where the reference was made without a store. */
  readonly store: string | null;
  /** Bytes; the sum of its files for a folder; null where the writer did not record it. */
  readonly size: number | null;
  /** 26-character base32 MD5, where a writer recorded one. */
  readonly hash: string | null;
  /** With its leading dot; null for none. */
  readonly ext: string | null;
  readonly isDir: boolean;
  /** null where it is absent or no time. */
  readonly timestamp: Date | null;
  readonly mimeType: string | null;
  /** Files of a folder; null for a file. */
  readonly itemCount: number | null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/**
 * Reads the metadata of any writer: `ext` with or without its dot, missing `size` or `item_count`, unknown keys.
 * Throws `CodecError` `corrupt` when there is no path to read from.
 */
export function parseMetadata(stored: unknown): ObjectFields {
  const value: unknown = typeof stored === "string" ? parseJson(stored) : stored;
  if (typeof value !== "object" || value === null || typeof (value as { path?: unknown }).path !== "string") {
    throw new CodecError("corrupt", `object metadata without a path: ${JSON.stringify(value)?.slice(0, 200)}`, {
      hint: "the column does not hold what an object codec writes; look at the row with its raw value",
    });
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const ext = text(fields["ext"]);
  return {
    path: fields["path"] as string,
    store: text(fields["store"]),
    size: count(fields["size"]),
    hash: text(fields["hash"]),
    ext: ext === null || ext.startsWith(".") ? ext : `.${ext}`,
    isDir: fields["is_dir"] === true,
    timestamp: parseTimestamp(fields["timestamp"]),
    mimeType: text(fields["mime_type"]),
    itemCount: count(fields["item_count"]),
  };
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch (cause) {
    throw new CodecError("corrupt", `object metadata is not JSON: ${source.slice(0, 200)}`, { cause });
  }
}
