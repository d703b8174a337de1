/**
 * The system calls, as promises over the callback functions of `node:fs`: at thousands of small objects a second those
 * of `node:fs/promises` cost twice the time of the event loop, for a handle object that is not needed here.
 */
import * as fs from "node:fs";

type Callback<T> = (error: NodeJS.ErrnoException | null, value: T) => void;

function call<T>(run: (done: Callback<T>) => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    run((error, value) => (error === null ? resolve(value) : reject(error)));
  });
}

export type FileStat = fs.BigIntStats;

export const open = (path: string, flags: number | string): Promise<number> =>
  call((done) => fs.open(path, flags, 0o666, done));
/** Rejects where writing fails only now: a network file system may find out that its disk is full when a file is closed. */
export const close = (fd: number): Promise<void> => call<void>((done) => fs.close(fd, done));
/** For a file that is given up because of another error. */
export const abandon = (fd: number): Promise<void> => new Promise((resolve) => fs.close(fd, () => resolve()));
export const flush = (fd: number): Promise<void> => call<void>((done) => fs.fsync(fd, done));
export const stat = (path: string): Promise<FileStat> => call((done) => fs.stat(path, { bigint: true }, done));
export const lstat = (path: string): Promise<FileStat> => call((done) => fs.lstat(path, { bigint: true }, done));
export const realpath = (path: string): Promise<string> => call((done) => fs.realpath.native(path, done));
export const link = (from: string, to: string): Promise<void> => call<void>((done) => fs.link(from, to, done));
export const rename = (from: string, to: string): Promise<void> => call<void>((done) => fs.rename(from, to, done));
export const unlink = (path: string): Promise<void> => call<void>((done) => fs.unlink(path, done));
export const mkdir = (path: string): Promise<void> => call<void>((done) => fs.mkdir(path, done));
export const rmdir = (path: string): Promise<void> => call<void>((done) => fs.rmdir(path, done));
export const readdir = (path: string): Promise<fs.Dirent[]> =>
  call((done) => fs.readdir(path, { withFileTypes: true }, done));
/** A clone that shares blocks where the file system can, else a copy. */
export const copyFile = (from: string, to: string): Promise<void> =>
  call<void>((done) => fs.copyFile(from, to, fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE, done));

/** Sets the modification time, in milliseconds; its fraction is kept to about a quarter of a microsecond. */
export const setModified = (fd: number, ms: number): Promise<void> =>
  call<void>((done) => fs.futimes(fd, ms / 1000, ms / 1000, done));

/** Answers at once: the metadata of an open file is in memory. */
export const statOpen = (fd: number): FileStat => fs.fstatSync(fd, { bigint: true });
/** For files opened for reading only or flushed before: closing has nothing to write and waits for no disk. */
export const closeRead = (fd: number): void => fs.closeSync(fd);

/** Up to `length` bytes from `position`; fewer only at the end of the file. */
export async function read(fd: number, position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const buffer = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = await call<number>((done) => fs.read(fd, buffer, filled, length - filled, position + filled, done));
    if (count === 0) return buffer.subarray(0, filled);
    filled += count;
  }
  return buffer;
}

/** All of `bytes`, however many calls it takes. */
export async function write(fd: number, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.byteLength) {
    written += await call<number>((done) => fs.write(fd, bytes, written, bytes.byteLength - written, null, done));
  }
}

/** The error's code, such as `ENOENT`; undefined for what is no system error. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as Partial<NodeJS.ErrnoException> | null)?.code;
  return typeof code === "string" ? code : undefined;
}
