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
