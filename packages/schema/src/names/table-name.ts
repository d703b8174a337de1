import type { Tier } from "../context.ts";
import { classNameOf } from "./class-name.ts";

/** Words of lower-case letters and digits that begin with a letter, joined by single underscores. */
const base = "[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*";
const patterns: readonly (readonly [TableTier, RegExp])[] = [
  ["manual", new RegExp(`^${base}$`)],
  ["lookup", new RegExp(`^#${base}$`)],
  ["imported", new RegExp(`^_${base}$`)],
  ["computed", new RegExp(`^__${base}$`)],
  ["part", new RegExp(`^(?:#|__?)?${base}__${base}$`)],
];

/** The tier of a table as its name tells it. */
export type TableTier = Tier | "part";

/** Undefined for what is no user table: hidden names (`~lineage`) and names that no class can have (`Abc`, `a__b__c`). */
export function tierOf(tableName: string): TableTier | undefined {
  return patterns.find(([, pattern]) => pattern.test(tableName))?.[0];
}

/** The master's table: the longest prefix before a `__` that is followed by a word. Undefined where there is none. */
export function masterTableOf(tableName: string): string | undefined {
  return /^(?<master>#?\w+)__\w+$/.exec(tableName)?.groups?.["master"];
}

/** The tier of a table or, for a part, of its master. Undefined where `tierOf` is. */
export function ownTierOf(tableName: string): Tier | undefined {
  const tier = tierOf(tableName);
  if (tier !== "part") return tier;
  return ownTierOf(masterTableOf(tableName) ?? "");
}

/** The class name that opens a table: `Session`, and `Session.Trial` for a part. */
export function qualifiedClassName(tableName: string): string {
  const master = tierOf(tableName) === "part" ? masterTableOf(tableName) : undefined;
  if (master === undefined) return classNameOf(tableName);
  return `${classNameOf(master)}.${classNameOf(tableName.slice(master.length))}`;
}
