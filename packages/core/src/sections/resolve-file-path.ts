/** What a user may give for a user-managed file, made to the key it means (storage specification §8.6). */
import { ValueError } from "../errors.ts";
import type { ObjectKey } from "../keys/object-key.ts";
import { keyProblem } from "../keys/parse-key.ts";
import { isAbsolutePath } from "../urls/paths.ts";
import { isUrl, parseUrl } from "../urls/url.ts";
import type { Sections } from "./contract.ts";
import { isWithin } from "./parse-sections.ts";

/** The store that paths are resolved in. */
export interface FileBase {
  /** The store's name, for messages. */
  readonly store: string;
  /** URL of the store's root. */
  readonly baseUrl: string;
  /** Other URLs of the same root: a file store's location before its symbolic links were resolved. */
  readonly aliases?: readonly string[] | undefined;
}

/** Something absolute: which kind of root it counts from, and the segments from there. */
interface Place {
  readonly root: string;
  readonly segments: readonly string[];
}

const anyUrl = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is;

function segmentsOf(path: string): readonly string[] {
  return path.split("/").filter((segment) => segment !== "" && segment !== ".");
}

/** undefined for a relative path. */
function placeOf(input: string): Place | undefined {
  if (isUrl(input)) {
    const { protocol, path } = parseUrl(input);
    return { root: protocol, segments: segmentsOf(path) };
  }
  const [, scheme, rest = ""] = anyUrl.exec(input) ?? [];
  if (scheme !== undefined) return { root: scheme.toLowerCase(), segments: segmentsOf(rest) };
  if (!isAbsolutePath(input)) return undefined;
  return { root: "file", segments: segmentsOf(input.startsWith("/") ? input : input.replaceAll("\\", "/")) };
}

function sameSegment(left: string, right: string | undefined): boolean {
  return left === right || (/^[a-z]:$/i.test(left) && left.toLowerCase() === right?.toLowerCase());
}

/** What is left of `place` below the store's root; undefined outside of it. */
function below(place: Place, base: FileBase): readonly string[] | undefined {
  for (const url of [base.baseUrl, ...(base.aliases ?? [])]) {
    const root = placeOf(url);
    if (root === undefined || root.root !== place.root) continue;
    if (root.segments.every((segment, index) => sameSegment(segment, place.segments[index]))) {
      return place.segments.slice(root.segments.length);
    }
  }
  return undefined;
}

function isReserved(sections: Sections, path: string): boolean {
  const section = sections.sectionOf(path);
  return section !== "filepath";
}

/**
 * The key that a relative path, an absolute path or a URL inside the store means: separators and `.` normalised, never
 * in a reserved section, inside `filepath_prefix` where there is one. Textual: whether a symbolic link leads out of a
 * folder is the store's to check. Throws `ValueError`: `invalid-path`, `outside-store`, `reserved-path`,
 * `outside-prefix`, and what `parseUrl` throws.
 */
export function resolveFilePath(sections: Sections, base: FileBase, input: string): ObjectKey {
  const given = typeof input === "string" ? JSON.stringify(input) : `a ${typeof input}`;
  const fail = (code: string, reason: string, hint: string): ValueError =>
    new ValueError(code, `${given} can't be used as a file of store "${base.store}": ${reason}`, { hint });
  const usage = `Give a path relative to the store, or an absolute path or URL below ${base.baseUrl}.`;
  if (typeof input !== "string") throw fail("invalid-path", "it must be text", usage);

  const place = placeOf(input);
  const segments = place === undefined ? segmentsOf(input) : place.segments;
  if (segments.includes("..")) throw fail("invalid-path", 'it has a segment ".."', usage);
  const inside = place === undefined ? segments : below(place, base);
  if (inside === undefined) {
    if (input.startsWith("/") && segments.length > 0 && isReserved(sections, segments.join("/"))) {
      throw reserved(segments.join("/"));
    }
    throw fail("outside-store", "it lies outside the store", usage);
  }
  if (inside.length === 0) throw fail("invalid-path", "it names no file, but the root of the store", usage);
  const path = inside.join("/");
  const problem = keyProblem(path);
  if (problem !== undefined) throw fail("invalid-path", problem, usage);
  if (isReserved(sections, path)) throw reserved(path);
  const { filepath } = sections;
  if (filepath !== undefined && (path === filepath || !isWithin(filepath, path))) {
    throw fail("outside-prefix", `it must use prefix "${filepath}"`, `Put the file below ${filepath}/ of the store.`);
  }
  return path as ObjectKey;

  function reserved(inReserved: string): ValueError {
    const [first] = inReserved.split("/");
    if (sections.schema === "" && sections.sectionOf(inReserved) === "schema") {
      return fail(
        "reserved-path",
        "without schema_prefix every path outside filepath_prefix is a reserved section",
        "Configure filepath_prefix for this store and put the file below it.",
      );
    }
    return fail(
      "reserved-path",
      `it can't use reserved section "${first}", which Mortise manages`,
      "Put the file anywhere outside the hash and schema sections.",
    );
  }
}
