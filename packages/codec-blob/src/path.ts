/**
 * One step into a value: a name or key, an index, or `-1 - i` for what belongs to the i-th key of a dict whose keys are
 * not text. Plain numbers, because a step is taken for every element and printed only when something is wrong.
 */
export type PathSegment = string | number;

const shown = 12;

/** `value.a[3]["b c"]`; the middle of a very long path is left out. */
export function formatPath(path: readonly PathSegment[]): string {
  if (path.length <= shown) return `value${path.map(formatSegment).join("")}`;
  const head = path
    .slice(0, shown / 2)
    .map(formatSegment)
    .join("");
  const tail = path
    .slice(-shown / 2)
    .map(formatSegment)
    .join("");
  return `value${head}…(${path.length - shown} levels)…${tail}`;
}

function formatSegment(segment: PathSegment): string {
  if (typeof segment === "number") return segment < 0 ? `{key ${-1 - segment}}` : `[${segment}]`;
  if (/^[A-Za-z_$][\w$]*$/.test(segment)) return `.${segment}`;
  return `[${JSON.stringify(segment.length > 60 ? `${segment.slice(0, 60)}…` : segment)}]`;
}
