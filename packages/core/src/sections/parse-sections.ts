/** The three sections of a store, from its prefixes: normalised, mutually exclusive, and away from our own `_mortise`. */
import { ConfigError, type ConfigProblem } from "../errors.ts";
import type { ObjectKey } from "../keys/object-key.ts";
import { keyProblem } from "../keys/parse-key.ts";
import type { SectionName, Sections } from "./contract.ts";

/** Root of what Mortise keeps in a store for itself; reserved like a section, and shown by no listing. */
export const mortiseRoot = "_mortise";

/** The prefixes as the configuration has them; absent and null mean the default. */
export interface SectionSpec {
  readonly hash_prefix?: unknown;
  readonly schema_prefix?: unknown;
  readonly filepath_prefix?: unknown;
}

export interface SectionOptions {
  /** If false, prefixes that differ in case only overlap. Default true. */
  readonly caseSensitive?: boolean | undefined;
}

/** A prefix that can't be used; `key` is one of `hash_prefix`, `schema_prefix`, `filepath_prefix`. */
export type SectionProblem = Pick<ConfigProblem, "key" | "message" | "hint">;

type PrefixKey = keyof SectionSpec;

const defaults: Readonly<Record<PrefixKey, string | undefined>> = {
  hash_prefix: "_hash",
  schema_prefix: "_schema",
  filepath_prefix: undefined,
};

/** Without empty and `.` segments; a string or what is wrong with it. */
function normalise(value: string): string | { readonly problem: string } {
  const segments = value.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.length === 0) return "";
  const prefix = segments.join("/");
  const problem = keyProblem(prefix);
  return problem === undefined ? prefix : { problem };
}

/** Whether `key` is `prefix` or lies below it; compared by segment, so `_hashes` is not inside `_hash`. */
export function isWithin(prefix: string, key: string): boolean {
  return key.startsWith(prefix) && (key.length === prefix.length || key[prefix.length] === "/");
}

function readPrefix(
  spec: SectionSpec,
  key: PrefixKey,
  fold: (text: string) => string,
  problems: SectionProblem[],
): string | undefined {
  const value = spec[key] ?? defaults[key];
  if (value === undefined) return undefined;
  if (typeof value !== "string") {
    problems.push({ key, message: `${key} must be a string, found ${JSON.stringify(value)}` });
    return defaults[key];
  }
  const prefix = normalise(value);
  if (typeof prefix !== "string") {
    problems.push({ key, message: `${key} ${JSON.stringify(value)} can't be a prefix: ${prefix.problem}` });
    return undefined;
  }
  if (prefix === "") {
    if (key === "hash_prefix") {
      problems.push({
        key,
        message: `hash_prefix ${JSON.stringify(value)} is empty: hashed objects need a folder of their own`,
        hint: 'Leave it out for the default "_hash".',
      });
    } else if (key === "schema_prefix" && value !== "") {
      problems.push({
        key,
        message: `schema_prefix ${JSON.stringify(value)} is empty`,
        hint: 'Leave it out for the default "_schema"; only "" itself selects the legacy layout without a prefix.',
      });
    }
    return key === "filepath_prefix" ? undefined : "";
  }
  if (isWithin(mortiseRoot, fold(prefix))) {
    problems.push({ key, message: `${key} ${JSON.stringify(value)} lies in "${mortiseRoot}", which Mortise reserves` });
  }
  return prefix;
}

/** Every problem of the prefixes, for a caller that collects them; `sections` only when there is none. */
export function checkSections(
  spec: SectionSpec,
  options: SectionOptions = {},
): { readonly sections?: Sections; readonly problems: readonly SectionProblem[] } {
  const fold = options.caseSensitive === false ? (text: string) => text.toLowerCase() : (text: string) => text;
  const problems: SectionProblem[] = [];
  const prefixes = (["hash_prefix", "schema_prefix", "filepath_prefix"] as const).map(
    (key) => [key, readPrefix(spec, key, fold, problems)] as const,
  );
  for (const [index, [key, prefix]] of prefixes.entries()) {
    for (const [otherKey, other] of prefixes.slice(0, index)) {
      if (!prefix || !other) continue;
      const [a, b] = [fold(prefix), fold(other)];
      if (!isWithin(a, b) && !isWithin(b, a)) continue;
      problems.push({
        key,
        message: `${otherKey} ${JSON.stringify(spec[otherKey] ?? other)} and ${key} ${JSON.stringify(spec[key] ?? prefix)} overlap`,
        hint: "Give each section a folder of its own, neither equal to nor inside another one.",
      });
    }
  }
  if (problems.length > 0) return { problems };
  const [hash, schema, filepath] = prefixes.map(([, prefix]) => prefix);
  return { sections: createSections(hash ?? "", schema ?? "", filepath, fold), problems };
}

/** Throws `ConfigError` of code `invalid-store` with all problems. */
export function parseSections(spec: SectionSpec, options: SectionOptions = {}): Sections {
  const { sections, problems } = checkSections(spec, options);
  if (sections !== undefined) return sections;
  throw new ConfigError("invalid-store", problems.map((problem) => problem.message).join("; "), {
    hint: problems[0]?.hint,
    problems: problems.map((problem) => ({ ...problem, source: "" })),
  });
}

function createSections(
  hash: string,
  schema: string,
  filepath: string | undefined,
  fold: (text: string) => string,
): Sections {
  const reserved: readonly (readonly [string, SectionName])[] = [
    [mortiseRoot, "mortise"],
    [fold(hash), "hash"],
    ...(schema === "" ? [] : [[fold(schema), "schema"] as const]),
    ...(filepath === undefined ? [] : [[fold(filepath), "filepath"] as const]),
  ];
  // In the legacy layout objects stand at the root: what is in no other section may be one of them, and is not the user's.
  const rest: SectionName = schema === "" ? "schema" : "filepath";
  return Object.freeze({
    hash,
    schema,
    filepath,
    sectionOf(key: ObjectKey | string): SectionName {
      const folded = fold(key);
      return reserved.find(([prefix]) => isWithin(prefix, folded))?.[1] ?? rest;
    },
  });
}
