import type * as NodeFs from "node:fs/promises";
import type * as NodePath from "node:path";
import type * as NodeUrl from "node:url";
import { type Bytes, type Progress, parseKey, type ReadAccess, ValueError } from "@mortise/core";
import { missingFiles } from "./errors.ts";
import { filesBelow } from "./listing.ts";
import type { ObjectFields } from "./metadata.ts";
import { readManifest } from "./verify.ts";

export interface DownloadOptions {
  /** Replace a different file that is already there; default false: it is an error. */
  readonly overwrite?: boolean | undefined;
  /** Name of the downloaded file inside a destination folder; default: the object's own, which contains its token. */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Files of a folder that are downloaded at the same time; default 8. */
  readonly concurrency?: number | undefined;
}

/** Node's modules are loaded at the first download, so that the value itself works anywhere. */
async function node(): Promise<{
  readonly fs: typeof NodeFs;
  readonly path: typeof NodePath;
  readonly url: typeof NodeUrl;
}> {
  const [fs, path, url] = await Promise.all([import("node:fs/promises"), import("node:path"), import("node:url")]);
  return { fs, path, url };
}

async function writeAll(file: NodeFs.FileHandle, chunk: Bytes): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    done += (await file.write(chunk, done, chunk.byteLength - done)).bytesWritten;
  }
}

/** Whether a local file has exactly the object's bytes. Reads the object only if the sizes agree. */
async function sameContent(objects: ReadAccess, key: string, target: string, signal?: AbortSignal): Promise<boolean> {
  const { fs } = await node();
  const info = await objects.head(parseKey(key), { signal });
  const stat = await fs.stat(target);
  if (!stat.isFile() || stat.size !== info.size) return false;
  await using local = await fs.open(target, "r");
  await using remote = await objects.get(parseKey(key), { signal });
  let offset = 0;
  for await (const chunk of remote.body) {
    const { bytesRead, buffer } = await local.read(new Uint8Array(chunk.byteLength), 0, chunk.byteLength, offset);
    if (bytesRead !== chunk.byteLength || Buffer.compare(buffer, chunk) !== 0) return false;
    offset += chunk.byteLength;
  }
  return true;
}

function occupied(target: string): ValueError {
  return new ValueError("destination-exists", `${target} is there already and differs from the object`, {
    hint: "pass { overwrite: true } to replace it, or choose another destination",
  });
}

/**
 * Puts one object at exactly `target`: written beside it, flushed, then published by `link`, which never replaces, or
 * by `rename` when overwriting. A reader of `target` sees nothing or all of it.
 */
async function downloadFile(
  objects: ReadAccess,
  key: string,
  target: string,
  options: DownloadOptions,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const { fs, path } = await node();
  await fs.mkdir(path.dirname(target), { recursive: true });
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${crypto.randomUUID()}.partial`);
  try {
    {
      await using file = await fs.open(temporary, "wx");
      await using result = await objects.get(parseKey(key), { signal: options.signal });
      for await (const chunk of result.body) {
        await writeAll(file, chunk);
        onBytes(chunk.byteLength);
      }
      await file.sync();
    }
    if (options.overwrite === true) return await fs.rename(temporary, target);
    try {
      await fs.link(temporary, target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (!(await sameContent(objects, key, target, options.signal))) throw occupied(target);
    }
  } finally {
    await fs.rm(temporary, { force: true });
  }
}

async function isFolder(path: string): Promise<boolean> {
  const { fs } = await node();
  return await fs.stat(path).then(
    (stat) => stat.isDirectory(),
    () => false,
  );
}

async function localPath(destination: string | URL): Promise<string> {
  const { path, url } = await node();
  const text = String(destination);
  if (text === "") throw new ValueError("invalid-path", "download needs a destination, got an empty path");
  return path.resolve(/^file:/i.test(text) ? url.fileURLToPath(text) : text);
}

/** Downloads one object into a folder, or to exactly `destination` where that is no folder. Returns the final path. */
export async function downloadObject(
  objects: ReadAccess,
  key: string,
  fields: ObjectFields,
  destination: string | URL,
  options: DownloadOptions = {},
): Promise<string> {
  const { path } = await node();
  const chosen = await localPath(destination);
  const intoFolder = /[/\\]$/.test(String(destination)) || (await isFolder(chosen));
  const target = intoFolder ? path.join(chosen, path.basename(options.name ?? key)) : chosen;
  const total = fields.isDir ? undefined : (fields.size ?? undefined);
  let bytes = 0;
  await downloadFile(objects, key, target, options, (more) => {
    bytes += more;
    options.onProgress?.({ bytes, total });
  });
  return target;
}

/**
 * Downloads the files of a folder directly into `destination`, a few at a time. Returns the destination's path.
 * Throws `CodecError` `missing-object` when files are gone that the folder was written with: what a listing shows would
 * pass for the whole folder. Files that came later are downloaded like the others.
 */
export async function downloadFolder(
  objects: ReadAccess,
  prefix: string,
  fields: ObjectFields,
  destination: string | URL,
  options: DownloadOptions = {},
): Promise<string> {
  const { fs, path } = await node();
  const chosen = await localPath(destination);
  await fs.mkdir(chosen, { recursive: true });
  const total = fields.size ?? undefined;
  let bytes = 0;
  const missing = await writtenFiles(objects, fields, options);
  let found = 0;
  const files = filesBelow(objects, prefix, options);
  const worker = async (): Promise<void> => {
    for await (const file of files) {
      found++;
      missing.delete(file.path);
      const target = path.join(chosen, ...parseKey(file.path).split("/"));
      await downloadFile(objects, `${prefix}${file.path}`, target, options, (more) => {
        bytes += more;
        options.onProgress?.({ bytes, total });
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: options.concurrency ?? 8 }, worker));
  const failure = results.find((result) => result.status === "rejected");
  if (failure !== undefined) throw failure.reason;
  if (missing.size > 0 || (found === 0 && fields.itemCount !== 0)) {
    throw missingFiles(fields.path, fields.store, found === 0 ? [] : [...missing]);
  }
  return chosen;
}

/** By its manifest. References to a user's own folder count no files, and nobody writes a manifest for them. */
async function writtenFiles(objects: ReadAccess, fields: ObjectFields, options: DownloadOptions): Promise<Set<string>> {
  const manifest = fields.itemCount === null ? undefined : await readManifest(objects, fields.path, options);
  return new Set(manifest?.map((file) => file.path));
}
