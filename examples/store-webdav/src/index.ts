export type { WebdavStoreOptions } from "./options.ts";
export { webdavStore } from "./plugin.ts";
export { openWebdavStore } from "./store.ts";
