import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Bytes, type CodecSite, ValueError } from "@mortise/core";

/** A local file that was looked at, not yet read. */
export interface AttachmentSource {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  open(): AsyncIterable<Bytes>;
}

function describe(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  return value === null ? "null" : typeof value;
}

/** Throws `ValueError`: `wrong-type`, `source-not-found`, `source-is-folder`, `source-unreadable`. Nothing is read. */
export async function acceptSource(value: unknown, site: CodecSite): Promise<AttachmentSource> {
  if ((typeof value !== "string" && !(value instanceof URL)) || String(value) === "") {
    throw new ValueError("wrong-type", `<attach> expects a file path, got ${describe(value)}`, {
      site,
      hint: "pass the path or file: URL of a local file; for bytes use <blob> or <object>",
    });
  }
  const text = String(value);
  const path = /^file:/i.test(text) ? fileURLToPath(text) : resolve(text);
  try {
    const { size, ...found } = await lookAt(path);
    if (found.isFolder) {
      throw new ValueError("source-is-folder", `<attach> expects a file, and ${path} is a folder`, {
        site,
        hint: "insert folders into an <object@> attribute",
      });
    }
    return { name: basename(path), size, open: () => createReadStream(path, { highWaterMark: 1024 * 1024 }) };
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    const missing = "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
    throw new ValueError(
      missing ? "source-not-found" : "source-unreadable",
      missing ? `Source path not found: ${path}` : `the source ${path} can't be read: ${error.message}`,
      { site, cause: error, hint: "nothing was written" },
    );
  }
}

async function lookAt(path: string): Promise<{ readonly size: number; readonly isFolder: boolean }> {
  const found = await stat(path);
  await access(path, constants.R_OK);
  return { size: found.size, isFolder: found.isDirectory() };
}
