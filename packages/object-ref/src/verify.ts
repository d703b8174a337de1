import { contentHashOfMd5, createHasher, isStoreError, parseKey, type ReadAccess } from "@mortise/core";
import { IntegrityError } from "./errors.ts";
import { filesBelow } from "./listing.ts";
import { type ManifestFile, manifestSuffix, parseManifest } from "./manifest.ts";
import type { ObjectFields } from "./metadata.ts";

export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface VerifyResult {
  /** `unverified`: a folder without manifest, so there is nothing to compare with. */
  readonly status: "verified" | "unverified";
  readonly files: number;
  readonly bytes: number;
  /** Files of a folder that its manifest does not list. */
  readonly extra: readonly string[];
}

async function hashOf(objects: ReadAccess, path: string, signal: AbortSignal | undefined): Promise<string> {
  const hasher = createHasher("md5");
  await using result = await objects.get(parseKey(path), { signal });
  for await (const chunk of result.body) hasher.update(chunk);
  return contentHashOfMd5(hasher.digest());
}

/** What is wrong with one object; undefined if nothing. Sizes are compared before anything is read. */
async function problemOf(
  objects: ReadAccess,
  name: string,
  path: string,
  expected: { readonly size: number | null; readonly hash?: string | null | undefined },
  options: VerifyOptions,
): Promise<string | undefined> {
  try {
    const info = await objects.head(parseKey(path), options);
    if (expected.size !== null && info.size !== expected.size) {
      return `Size mismatch for ${name}: ${info.size} bytes in the store, ${expected.size} recorded`;
    }
    if (typeof expected.hash === "string") {
      const actual = await hashOf(objects, path, options.signal);
      if (actual !== expected.hash) return `Hash mismatch for ${name}: expected ${expected.hash}, got ${actual}`;
    }
    return undefined;
  } catch (error) {
    if (isStoreError(error, "not-found")) return `${name} does not exist`;
    throw error;
  }
}

/** Compares a file with its metadata. Throws `IntegrityError`. */
export async function verifyFile(
  objects: ReadAccess,
  fields: ObjectFields,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  const problem = await problemOf(objects, fields.path, fields.path, fields, options);
  if (problem !== undefined) throw new IntegrityError(fields.path, [problem]);
  return { status: "verified", files: 1, bytes: fields.size ?? 0, extra: [] };
}

/** The files that a folder was written with; undefined where no manifest stands beside it. Throws `CodecError` `corrupt`. */
export async function readManifest(
  objects: ReadAccess,
  path: string,
  options: VerifyOptions = {},
): Promise<readonly ManifestFile[] | undefined> {
  try {
    await using result = await objects.get(parseKey(`${path}${manifestSuffix}`), options);
    return parseManifest(await result.bytes(), path).files;
  } catch (error) {
    if (isStoreError(error, "not-found")) return undefined;
    throw error;
  }
}

/** Compares a folder with its manifest, collecting every difference. Throws `IntegrityError` naming all of them. */
export async function verifyFolder(
  objects: ReadAccess,
  fields: ObjectFields,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  const manifest = await readManifest(objects, fields.path, options);
  if (manifest === undefined) return { status: "unverified", files: 0, bytes: 0, extra: [] };
  const problems: string[] = [];
  for (const file of manifest) {
    const problem = await problemOf(objects, file.path, `${fields.path}/${file.path}`, file, options);
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length > 0) throw new IntegrityError(fields.path, problems);
  const listed = new Set(manifest.map((file) => file.path));
  const extra: string[] = [];
  for await (const file of filesBelow(objects, `${fields.path}/`, options)) {
    if (!listed.has(file.path)) extra.push(file.path);
  }
  const bytes = manifest.reduce((sum, file) => sum + file.size, 0);
  return { status: "verified", files: manifest.length, bytes, extra };
}
