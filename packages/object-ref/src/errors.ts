import { CodecError, isStoreError } from "@mortise/core";

/** Thrown by operations of a folder on a file, and the other way round. */
export function wrongShape(operation: string, path: string, isDir: boolean): CodecError {
  return new CodecError("unsupported", `Cannot ${operation} ${path}: it is a ${isDir ? "folder" : "file"}`, {
    hint: isDir
      ? "name one of its files: ref.read('name'), or use list(), walk() or download()"
      : "use read(), stream() or download()",
  });
}

/** Thrown when the row refers to an object that is not in the store. */
function missingObject(path: string, store: string | null, cause?: unknown): CodecError {
  return new CodecError("missing-object", `the object ${path} does not exist in store ${JSON.stringify(store)}`, {
    cause,
    hint: "it was removed behind the database's back, or the store's location is another one; restore it from a backup",
  });
}

/** Thrown when a folder lacks files that it was written with; an empty list means all of them. */
export function missingFiles(path: string, store: string | null, files: readonly string[]): CodecError {
  const shown = files.slice(0, 5).join(", ");
  const more = files.length > 5 ? ` and ${files.length - 5} more` : "";
  const what = files.length === 0 ? "has no files" : `lacks ${files.length} of its files (${shown}${more})`;
  return new CodecError("missing-object", `the folder ${path} ${what} in store ${JSON.stringify(store)}`, {
    hint: "the other files were downloaded; restore the missing ones from a backup, and check with verify()",
  });
}

/** Store errors pass as they are, except the one that means that the row's promise is broken. */
export function translateMissing(error: unknown, path: string, store: string | null): unknown {
  return isStoreError(error, "not-found") ? missingObject(path, store, error) : error;
}

/** Thrown by `verify` with every difference that was found. */
export class IntegrityError extends CodecError {
  readonly problems: readonly string[];

  constructor(path: string, problems: readonly string[]) {
    super("integrity", `${path} differs from what was recorded: ${problems.join("; ")}`, {
      hint: "do not overwrite it: compare with a backup first",
    });
    this.problems = problems;
  }
}
