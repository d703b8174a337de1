/**
 * Two failures only, both of `@mortise/core`: a `CodecError` where stored bytes can't be read, and a `ValueError` where
 * a value can't be written. Every message begins with the place inside the value.
 */
import { CodecError, ValueError, type ValueSite } from "@mortise/core";
import { formatPath, type PathSegment } from "./path.ts";

/** The column in front of a message: whoever reads or writes many rows must see which one it was. */
export function sited(message: string, site: ValueSite | undefined): string {
  return site === undefined ? message : `${site.schema}.${site.table}.${site.attribute}: ${message}`;
}

/** Stored bytes that are no blob, or that claim what can't be. */
export function corrupt(message: string, site?: ValueSite): CodecError {
  return new CodecError("corrupt", sited(message, site), {
    hint: "the stored bytes are damaged or were not written as a blob; restore the object, or read it with the codec that wrote it",
    ...(site === undefined ? {} : { site }),
  });
}

/** A blob that is valid so far, but larger or deeper than this reader was told to accept. */
export function beyondLimit(limit: string, message: string, site?: ValueSite): CodecError {
  return new CodecError("limit-exceeded", sited(message, site), {
    hint: `raise limits.${limit} of createBlobCodec() or unpack() if you trust where these bytes come from`,
    ...(site === undefined ? {} : { site }),
  });
}

/** A value that the format can't hold, or that would come back as something else. */
export function unwritable(path: readonly PathSegment[], message: string, hint?: string): ValueError {
  return new ValueError("invalid-value", `${formatPath(path)}: ${message}`, hint === undefined ? {} : { hint });
}

/** A name for what was given, for messages: the class where there is one. Never the content, which may be secret. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const name = (value as { readonly constructor?: { readonly name?: unknown } }).constructor?.name;
  return typeof name === "string" && name !== "" ? `an object of class ${name}` : "an object";
}
