import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, unknown>>;
}

/** Every TypeScript file named in `imports` is an entry too: it is chosen when the package is loaded, not when it is built. */
function sources(value: unknown): readonly string[] {
  if (typeof value === "string") return value.startsWith("./src/") ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(sources) : [];
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const entries = [...sources(manifest.exports), ...sources(manifest.imports)].map((path) => path.slice(2));

export default defineConfig({
  entry: Object.fromEntries(
    [...new Set(entries)].map((path) => [path.replace(/^src\//, "").replace(/\.ts$/, ""), path]),
  ),
  format: "esm",
  target: "es2024",
  platform: "neutral",
  external: [/^node:/, /^#/],
  dts: false,
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  splitting: true,
  clean: true,
  sourcemap: true,
  treeshake: true,
});
