import { isContentHash } from "../digest/content-hash.ts";
import { ConfigError, ValueError } from "../errors.ts";
import type { ObjectKey } from "../keys/object-key.ts";
import { joinKey } from "../keys/parse-key.ts";
import type { Sections } from "../sections/contract.ts";
import { nameSegment } from "./name-segment.ts";

/** Folders may take all but the last character of a hash, which carries three bits only. */
const maxFolds = 25;

/** What is wrong with a `subfolding`; undefined for null, `[]` and lists of lengths. */
export function subfoldingProblem(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (!Array.isArray(value)) return `it must be a list of folder name lengths, found ${JSON.stringify(value)}`;
  const bad: unknown = value.find((length) => !Number.isInteger(length) || length < 1);
  if (bad !== undefined) return `each length must be a positive integer, found ${JSON.stringify(bad)}`;
  const sum = value.reduce((total: number, length: number) => total + length, 0);
  return sum > maxFolds ? `the lengths add up to ${sum}, ${maxFolds} are allowed` : undefined;
}

/** Lengths of the folder names between schema and hash. Throws `ConfigError` of code `invalid-subfolding`. */
export function parseSubfolding(value: unknown): readonly number[] {
  const problem = subfoldingProblem(value);
  if (problem === undefined) return (value as readonly number[] | null | undefined) ?? [];
  throw new ConfigError("invalid-subfolding", `subfolding ${JSON.stringify(value)}: ${problem}`, {
    hint: "Give null for none, or for example [2, 2].",
  });
}

/**
 * Where hash-addressed content stands: `{hash_prefix}/{schema}/[folds/]{hash}`. Throws `ValueError` of code
 * `invalid-hash`, `ConfigError` of code `invalid-subfolding`.
 */
export function hashPath(
  sections: Pick<Sections, "hash">,
  schema: string,
  hash: string,
  subfolding: readonly number[] | null | undefined,
): ObjectKey {
  if (!isContentHash(hash)) {
    throw new ValueError(
      "invalid-hash",
      `Invalid content hash ${JSON.stringify(hash)}: 26 characters of a-z2-7 expected`,
    );
  }
  let offset = 0;
  const folds = parseSubfolding(subfolding).map((length) => hash.slice(offset, (offset += length)));
  return joinKey(sections.hash, nameSegment(schema, "schema"), ...folds, hash);
}
