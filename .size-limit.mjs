// Budgets of what a bundler would ship of each package, gzipped, without Kysely, vendor SDKs and the other packages.
const budgets = {
  core: "15 KB",
  "store-kit": "10 KB",
  "store-file": "12 KB",
  "codec-attach": "8 KB",
  "codec-blob": "13.5 KB",
  "codec-filepath": "8 KB",
  "codec-object": "8 KB",
  schema: "40 KB",
};

export default Object.entries(budgets).map(([name, limit]) => ({
  name: `@mortise/${name}`,
  path: `packages/${name}/src/index.ts`,
  limit,
  gzip: true,
  ignore: ["@mortise/*", "kysely", "hash-wasm", "pako"],
  modifyEsbuildConfig: (config) => ({ ...config, format: "esm", platform: "node" }),
}));
