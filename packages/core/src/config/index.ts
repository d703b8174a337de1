/** Entry `@mortise/core/config`: making a configuration from given sources, for whoever reads no files. */
export { createConfig } from "./config.ts";
export { type SettingKey, settingKeys } from "./keys/settings.ts";
export { builtInProtocols, commonStoreKeys, protocolKeys } from "./keys/stores.ts";
