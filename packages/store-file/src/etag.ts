import type { ObjectInfo, ObjectKey } from "@mortise/core";
import type { FileStat } from "./syscalls.ts";

/**
 * The validator: which file, how long, written when. An overwrite is a new file whose time `nextModified` has chosen, so
 * it differs even where the file system reuses the number of a file that was just deleted.
 */
export function etagOf(stat: FileStat): string {
  return `${stat.ino.toString(36)}-${stat.size.toString(36)}-${stat.mtimeNs.toString(36)}`;
}

/** What `head`, `get` and `list` say of a file. */
export function infoOf(key: ObjectKey, stat: FileStat): ObjectInfo {
  return {
    key,
    size: Number(stat.size),
    lastModified: new Date(Number(stat.mtimeNs / 1_000_000n)),
    etag: etagOf(stat),
  };
}

let latest = 0;

/**
 * The modification time for a new file, in milliseconds: now, but never the same twice in this process, and with random
 * microseconds, so that two processes hardly choose the same. The kernel's own clock stands still for up to 10 ms.
 */
export function nextModified(): number {
  latest = Math.max(latest + 0.001, Date.now() + Math.random());
  return latest;
}
