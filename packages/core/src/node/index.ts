export { configSchema } from "./config-schema.ts";
export { type DiscoveredPlugin, type Discovery, discoverPlugins } from "./discover-plugins.ts";
export { type ConfigPlace, findConfigFile } from "./find-config-file.ts";
export { type LoadConfigOptions, loadConfig } from "./load-config.ts";
export { type TemplateOptions, writeTemplate } from "./write-template.ts";
