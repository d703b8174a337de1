/**
 * Tells values apart across packages: the property under this symbol says what a value is (`"ndarray"`, `"records"`, …).
 * A symbol of the global registry, because two copies of a package have two classes and `instanceof` would fail between them.
 */
export const valueKind: unique symbol = Symbol.for("mortise.value.v1");

/** What stands under {@link valueKind}, or undefined for a value that says nothing of itself. */
export function kindOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const kind = (value as { readonly [valueKind]?: unknown })[valueKind];
  return typeof kind === "string" ? kind : undefined;
}
