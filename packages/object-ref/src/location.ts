import { type ObjectKey, parseKey, type ReferenceAccess } from "@mortise/core";
import { wrongShape } from "./errors.ts";
import type { ObjectFields } from "./metadata.ts";

/** Opens read access to the one reference; no I/O happens before it is called. */
export type OpenReference = () => Promise<ReferenceAccess>;

/**
 * The key of the object, or of a file inside the folder. `parseKey` refuses `..` and absolute paths, so nothing outside
 * the folder can be named.
 */
export function keyOf(fields: ObjectFields, operation: string, subpath: string | undefined): ObjectKey {
  if (subpath === undefined || subpath === "") {
    if (fields.isDir) throw wrongShape(operation, fields.path, true);
    return parseKey(fields.path);
  }
  if (!fields.isDir) throw wrongShape(`${operation} ${JSON.stringify(subpath)} of`, fields.path, false);
  return parseKey(`${parseKey(fields.path)}/${parseKey(subpath)}`);
}

/** The listing prefix of a folder or of a folder inside it, with its final slash. */
export function prefixOf(fields: ObjectFields, operation: string, subpath: string): string {
  if (!fields.isDir) throw wrongShape(operation, fields.path, false);
  const folder = subpath === "" ? parseKey(fields.path) : parseKey(`${parseKey(fields.path)}/${parseKey(subpath)}`);
  return `${folder}/`;
}
