import { contentHashOfMd5, normalizeExtension, type Progress, type SectionTarget } from "@mortise/core";
import { formatManifest, formatTimestamp, type ManifestFile, manifestSuffix } from "@mortise/object-ref";
import type { AcceptedBytes } from "./input.ts";
import type { AcceptedFile, AcceptedFolder } from "./local.ts";

/** The column value of an `<object@>`: exactly the keys that DataJoint for Python writes and reads. */
export interface ObjectMetadata {
  readonly path: string;
  readonly store: string;
  /** Bytes. */
  readonly size: number;
  readonly ext: string | null;
  readonly is_dir: boolean;
  readonly item_count: number | null;
  /** UTC, six fraction digits, `+00:00`. */
  readonly timestamp: string;
}

export interface WriteOptions {
  readonly store: string;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Files of a folder that are uploaded at the same time. */
const folderConcurrency = 16;

export async function writeFileObject(
  source: AcceptedBytes | AcceptedFile,
  target: SectionTarget,
  options: WriteOptions,
): Promise<ObjectMetadata> {
  const { size } = await target.put("", await source.open(), {
    size: source.size,
    signal: options.signal,
    onProgress: options.onProgress,
  });
  return {
    path: target.path,
    store: options.store,
    size,
    ext: normalizeExtension(source.extension),
    is_dir: false,
    item_count: null,
    timestamp: formatTimestamp(new Date()),
  };
}

/** Writes the files a few at a time, then the manifest: without it the folder counts as incomplete. */
export async function writeFolderObject(
  source: AcceptedFolder,
  target: SectionTarget,
  options: WriteOptions,
): Promise<ObjectMetadata> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const written: ManifestFile[] = [];
  let bytes = 0;
  const queue = source.files.values();
  const worker = async (): Promise<void> => {
    for (const file of queue) {
      const result = await target.put(file.path, await file.open(), { size: file.size, signal, compute: ["md5"] });
      const { md5 } = result.checksums;
      written.push({
        path: file.path,
        size: result.size,
        ...(md5 === undefined ? {} : { hash: contentHashOfMd5(md5) }),
      });
      bytes += result.size;
      options.onProgress?.({ bytes, total: source.size });
    }
  };
  const workers = Array.from({ length: Math.min(folderConcurrency, source.files.length) }, () =>
    worker().catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  const results = await Promise.allSettled(workers);
  if (failed.signal.aborted) throw failed.signal.reason;
  const rejected = results.find((result) => result.status === "rejected");
  if (rejected !== undefined) throw rejected.reason;
  const timestamp = formatTimestamp(new Date());
  await target.putBeside(manifestSuffix, formatManifest(written, timestamp), { signal: options.signal });
  return {
    path: target.path,
    store: options.store,
    size: bytes,
    ext: normalizeExtension(source.extension),
    is_dir: true,
    item_count: written.length,
    timestamp,
  };
}
