/** What the operating system's error codes mean for a store, and what to do about each. */
import type { StoreErrorCode } from "@mortise/core";
import { isMortiseError } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import { codeOf } from "./syscalls.ts";

const denied = "let the user that runs this process read and write the store's folder and all that is in it";
const full = "free space, raise the quota, or move the store; nothing was changed";

const meanings: Readonly<Record<string, readonly [StoreErrorCode, string, hint?: string]>> = {
  ENOENT: ["not-found", "there is no such object"],
  ENOTDIR: ["not-found", "there is no such object"],
  EISDIR: ["not-found", "there is a folder, not an object"],
  EEXIST: ["already-exists", "the object exists"],
  EACCES: ["permission-denied", "the operating system denies it", denied],
  EPERM: ["permission-denied", "the operating system denies it", denied],
  EROFS: [
    "permission-denied",
    "the file system is mounted read-only",
    "mount it for writing, or write to another store",
  ],
  ELOOP: ["permission-denied", "a symbolic link leads in a circle", "remove the link"],
  ENOSPC: ["quota-exceeded", "the disk is full", full],
  EDQUOT: ["quota-exceeded", "the disk quota is used up", full],
  EFBIG: ["quota-exceeded", "the file system can't hold a file of this size", "use a file system with larger files"],
  ENAMETOOLONG: [
    "invalid-key",
    "a segment of the key is too long for a file name",
    "keep each segment within 255 bytes",
  ],
  EILSEQ: ["invalid-key", "the file system can't hold a name of the key", "use other characters in the key"],
  EXDEV: [
    "invalid-config",
    "the object's folder and _mortise/staging are on different file systems, so that a write can't be atomic",
    "mount nothing inside a store; make each mounted folder a store of its own",
  ],
  EMFILE: [
    "unavailable",
    "this process has too many open files",
    "read or dispose every result of get; raise ulimit -n",
  ],
  ENFILE: ["unavailable", "the machine has too many open files", "close other programs, or raise the system's limit"],
  EBUSY: ["unavailable", "the operating system says the file is busy"],
  EAGAIN: ["unavailable", "the operating system asks to try again"],
  ESTALE: ["unavailable", "the network file system lost the file handle", "try again; if it stays, mount it anew"],
  EIO: ["unavailable", "the disk reported an error", "look at the system's log and at the disk"],
  ETIMEDOUT: ["timeout", "the network file system did not answer", "look at the file server and the network"],
};

/** The store error for whatever a system call has thrown; errors that are Mortise's already pass unchanged. */
export function systemError(site: OperationSite, cause: unknown): Error {
  if (isMortiseError(cause)) return cause;
  const code = codeOf(cause);
  const [meaning, found, hint] = (code === undefined ? undefined : meanings[code]) ?? [
    "unknown" as const,
    cause instanceof Error ? cause.message : String(cause),
  ];
  // EXDEV stands for a configuration that no retry heals, EIO for a disk that seldom recovers.
  const retryable = code === "EIO" ? false : undefined;
  return storeError(site, meaning, code === undefined ? found : `${found} (${code})`, { cause, hint, retryable });
}

/** A key that runs through an object, or names a folder: keys may do that, files may not. */
export function conflictError(site: OperationSite, found: string, cause?: unknown): Error {
  return storeError(site, "invalid-key", found, {
    cause,
    hint: "on a file system an object can't also be the folder of other objects: choose another key",
  });
}

/** A symbolic link that leaves the store. */
export function linkError(site: OperationSite): Error {
  return storeError(site, "permission-denied", "the path leads through a symbolic link out of the store", {
    hint: "remove the link, or configure its target as a store of its own",
  });
}

/** A key that another one of the same file differs from only in case or Unicode form. */
export function collisionError(site: OperationSite, existing: string): Error {
  return storeError(site, "invalid-key", `this file system takes it for the same name as "${existing}"`, {
    hint: "use keys that differ in more than letter case and Unicode form, or a case-sensitive file system",
  });
}
