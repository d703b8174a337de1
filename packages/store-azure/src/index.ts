export type { AzureAuth, AzureStoreOptions, AzureTokenCredential } from "./options.ts";
export { azureStore } from "./plugin.ts";
export { openAzureStore } from "./store.ts";
