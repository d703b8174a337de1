import { ConfigError } from "../errors.ts";

const segmentPattern = /^(?:\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}|([A-Za-z_][A-Za-z0-9_]*))$/;

/** What is wrong with a partition pattern; else the attribute names in order. */
export function checkPartition(
  pattern: unknown,
): { readonly names: readonly string[]; readonly problem?: undefined } | { readonly problem: string } {
  if (pattern === null || pattern === undefined) return { names: [] };
  if (typeof pattern !== "string") return { problem: `it must be a string, found ${JSON.stringify(pattern)}` };
  if (pattern.trim() === "") return { names: [] };
  const names: string[] = [];
  for (const segment of pattern.split("/")) {
    const match = segmentPattern.exec(segment.trim());
    const name = match?.[1] ?? match?.[2];
    if (name === undefined) return { problem: `${JSON.stringify(segment)} is no attribute name` };
    if (names.includes(name)) return { problem: `it names "${name}" twice` };
    names.push(name);
  }
  return { names };
}

/** Attribute names separated by `/`, each bare or in braces. Throws `ConfigError` of code `invalid-partition-pattern`. */
export function parsePartition(pattern: unknown): readonly string[] {
  const checked = checkPartition(pattern);
  if (checked.problem === undefined) return checked.names;
  throw new ConfigError(
    "invalid-partition-pattern",
    `partition_pattern ${JSON.stringify(pattern)}: ${checked.problem}`,
    {
      hint: 'Write attribute names separated by "/", for example "subject_id/session_date" or "{subject_id}/{session_date}".',
    },
  );
}
