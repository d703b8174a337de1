import { openAsBlob } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ByteSource, Bytes } from "@mortise/core";

/** A temporary file being filled. */
export interface SpoolFile {
  write(chunk: Bytes): Promise<void>;
  close(): Promise<void>;
  /** After `close`: opens the content any number of times, until the spool is disposed. */
  reopen(): Promise<() => ByteSource>;
}

/** Where streams that can be read only once wait between hashing and uploading. Disposing removes its files. */
export interface Spool extends AsyncDisposable {
  create(): Promise<SpoolFile>;
}

/** The folder (mode 0700, in `root`) is made at the first file: most batches never need one. */
export function createSpool(root: string = tmpdir()): Spool {
  let folder: Promise<string> | undefined;
  let files = 0;
  return {
    async create() {
      folder ??= mkdtemp(join(root, "mortise-"));
      files += 1;
      const name = String(files);
      const path = join(await folder, name);
      const file = await open(path, "wx", 0o600);
      return {
        async write(chunk) {
          await file.writeFile(chunk);
        },
        close: () => file.close(),
        async reopen() {
          const blob = await openAsBlob(path);
          return () => blob;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      if (folder !== undefined) await rm(await folder, { recursive: true, force: true });
    },
  };
}
