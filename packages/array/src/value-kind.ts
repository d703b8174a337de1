/**
 * Tells values apart across packages: each class is marked with what its values are (`"ndarray"`, `"records"`, …). Two
 * copies of a package have two classes, and `instanceof` would fail between them; the mark is under a symbol of the
 * global registry, where no data that was read from somewhere can put anything.
 */
const mark = Symbol.for("mortise.value.v1");

/** Marks a class; to be called in its static block. */
export function setKind(constructor: { readonly prototype: object }, kind: string): void {
  Object.defineProperty(constructor.prototype, mark, { value: kind });
}

/** What the value's class is marked with; undefined for all other values. */
export function kindOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const kind = (value as { readonly [mark]?: unknown })[mark];
  return typeof kind === "string" ? kind : undefined;
}
