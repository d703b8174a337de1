// Budgets in KiB of what a bundler would ship of each package, gzipped, without Kysely, vendor SDKs and the other packages.
const budgets = {
  core: "15 KiB",
  "store-kit": "12.5 KiB",
  "store-kit/cloud": "13.5 KiB",
  "store-kit/probe": "10 KiB",
  "store-file": "12 KiB",
  "store-s3": "12.5 KiB",
  "store-gcs": "12 KiB",
  "store-azure": "12 KiB",
  "codec-attach": "8 KiB",
  "codec-blob": "13.5 KiB",
  "codec-filepath": "8 KiB",
  "codec-object": "8 KiB",
  schema: "42 KiB",
  "schema/existing": "5 KiB",
};

/**
 * Entries that share code with others of their package, or that these load only when they are first called: only what
 * each of them adds counts.
 */
const shared = {
  schema: ["existing"],
  "schema/existing": ["declare", "definition", "heading", "names"],
  "store-kit/cloud": ["complete", "lifecycle", "limits", "multipart", "probe", "ranges", "streams"],
};

export default Object.entries(budgets).map(([name, limit]) => ({
  name: `@mortise/${name}`,
  path: `packages/${name.replace("/", "/src/").replace(/^[^/]+$/, "$&/src")}/index.ts`,
  limit,
  gzip: true,
  ignore: [
    "@mortise/*",
    "kysely",
    "hash-wasm",
    "pako",
    "undici",
    "@aws-sdk/*",
    "@smithy/*",
    "@google-cloud/*",
    "google-auth-library",
    "@azure/*",
    ...(shared[name] ?? []).map((folder) => `../${folder}/*`),
  ],
  modifyEsbuildConfig: (config) => ({ ...config, format: "esm", platform: "node" }),
}));
