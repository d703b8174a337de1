/** Which package has what: for errors that name the package to install, and for nothing else. */

const known = {
  protocol: {
    file: "@mortise/store-file",
    s3: "@mortise/store-s3",
    gcs: "@mortise/store-gcs",
    azure: "@mortise/store-azure",
  },
  codec: {
    blob: "@mortise/codec-blob",
    attach: "@mortise/codec-attach",
    object: "@mortise/codec-object",
    npy: "@mortise/codec-npy",
    filepath: "@mortise/codec-filepath",
    zarr: "@mortise/codec-zarr",
  },
  backend: { sqlite: "@mortise/db-sqlite", mysql: "@mortise/db-mysql", postgresql: "@mortise/db-postgres" },
} as const;

/** What a plugin is looked up by. */
export type PluginKind = keyof typeof known;

/** The package of ours that brings a protocol, codec or backend; undefined if none does. */
export function knownPackage(kind: PluginKind, name: string): string | undefined {
  const table: Readonly<Record<string, string>> = known[kind];
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The npm package that a module URL belongs to, else the URL. */
export function packageOf(origin: string): string {
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(origin)?.[1] ?? origin;
}
