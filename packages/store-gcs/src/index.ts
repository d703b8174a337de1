export type { GcsAuthClient, GcsStoreOptions } from "./options.ts";
export { gcsStore } from "./plugin.ts";
export { openGcsStore } from "./store.ts";
