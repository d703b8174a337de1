export type { Durability, FileStoreOptions } from "./options.ts";
export { fileStore } from "./plugin.ts";
export { openFileStore } from "./store.ts";
