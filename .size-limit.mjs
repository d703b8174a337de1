// Budgets in KiB of what a bundler would ship of each package, gzipped, without Kysely, vendor SDKs and the other packages.
const budgets = {
  core: "15 KiB",
  "store-kit": "10 KiB",
  "store-file": "12 KiB",
  "codec-attach": "8 KiB",
  "codec-blob": "13.5 KiB",
  "codec-filepath": "8 KiB",
  "codec-object": "8 KiB",
  schema: "40 KiB",
};

export default Object.entries(budgets).map(([name, limit]) => ({
  name: `@mortise/${name}`,
  path: `packages/${name}/src/index.ts`,
  limit,
  gzip: true,
  ignore: ["@mortise/*", "kysely", "hash-wasm", "pako"],
  modifyEsbuildConfig: (config) => ({ ...config, format: "esm", platform: "node" }),
}));
