export type { DefinedBinding } from "./binding.ts";
export { bindingOf } from "./references.ts";
export { createSchemaTables } from "./schema-tables.ts";
