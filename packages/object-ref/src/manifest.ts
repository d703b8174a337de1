import { CodecError } from "@mortise/core";

export const manifestSuffix = ".manifest.json";

export interface ManifestFile {
  /** Relative to the folder, `/`-separated. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** 26-character base32 MD5; Python ignores it. */
  readonly hash?: string | undefined;
}

/** Written beside a folder, after all of its files: a folder without one is incomplete or unverified. */
export interface Manifest {
  readonly files: readonly ManifestFile[];
  readonly totalSize: number;
}

/** UTF-8 JSON, indent 2, files sorted by path, as Python's reader expects it. */
export function formatManifest(files: readonly ManifestFile[], created: string): Uint8Array {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const totalSize = sorted.reduce((sum, file) => sum + file.size, 0);
  const manifest = { files: sorted, total_size: totalSize, item_count: sorted.length, created };
  return new TextEncoder().encode(JSON.stringify(manifest, null, 2));
}

function isFile(value: unknown): value is ManifestFile {
  const file = value as Partial<ManifestFile> | null;
  return typeof file === "object" && file !== null && typeof file.path === "string" && typeof file.size === "number";
}

/** Reads only what Python's reader relies on. Throws `CodecError` `corrupt`. */
export function parseManifest(bytes: Uint8Array, path: string): Manifest {
  let files: unknown;
  try {
    files = (JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as { files?: unknown }).files;
  } catch (cause) {
    throw new CodecError("corrupt", `the manifest of ${path} is not JSON`, { cause });
  }
  if (!Array.isArray(files) || !files.every(isFile)) {
    throw new CodecError("corrupt", `the manifest of ${path} lists no files with path and size`);
  }
  return { files, totalSize: files.reduce((sum, file) => sum + file.size, 0) };
}
