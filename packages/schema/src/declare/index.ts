export type { DefinedBinding } from "./binding.ts";
export { bindingOf } from "./references.ts";
export { createSchemaTables, type SchemaTables } from "./schema-tables.ts";
