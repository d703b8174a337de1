import { isRecord } from "../config/layers/record.ts";

const conditions = ["node", "import", "module-sync", "default"];

function target(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!isRecord(value)) return undefined;
  // Conditions are tried in the order the package has them, as Node does.
  for (const [condition, inner] of Object.entries(value)) {
    const found = conditions.includes(condition) ? target(inner) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The file that importing a package by its name loads, relative to its folder. Node's own resolution is asked for from
 * the importing file only, and a project's folder need not have one.
 */
export function entryPoint(manifest: Readonly<Record<string, unknown>>): string {
  const { exports, main } = manifest;
  const root = isRecord(exports) && Object.keys(exports).some((key) => key.startsWith(".")) ? exports["."] : exports;
  return target(root) ?? (typeof main === "string" ? main : "index.js");
}
