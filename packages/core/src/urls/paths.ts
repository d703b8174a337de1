import { ValueError } from "../errors.ts";

const drive = /^[A-Za-z]:[\\/]/;

/** Whether a local path is absolute: `/x`, or `C:\x` and `C:/x` on Windows. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith("/") || drive.test(path);
}

/**
 * An absolute path with `/` between its segments and no `.`, `..` or empty ones; textual, so symbolic links stay.
 * `~` is not expanded. Throws a value error `invalid-path` for a relative path without `base`, for NUL and for UNC paths.
 */
export function resolvePath(path: string, base?: string): string {
  if (path.includes("\0") || path.startsWith("\\\\")) {
    throw new ValueError("invalid-path", `Can't use the path ${JSON.stringify(path)}: it holds NUL or is a UNC path`);
  }
  if (!isAbsolutePath(path) && base === undefined) {
    throw new ValueError("invalid-path", `Can't use the path ${JSON.stringify(path)}: it must be absolute here`);
  }
  const full = isAbsolutePath(path) ? path : `${base}/${path}`;
  const windows = drive.test(full);
  const parts: string[] = [];
  for (const part of (windows ? full.slice(2).replaceAll("\\", "/") : full).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `${windows ? full.slice(0, 2) : ""}/${parts.join("/")}`;
}

/** Percent-encodes each segment (RFC 3986); `/` between segments and `=` inside them stay readable. */
export function encodePath(path: string): string {
  return encodeURIComponent(path)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%2F", "/")
    .replaceAll("%3D", "=");
}
