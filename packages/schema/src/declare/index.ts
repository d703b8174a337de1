export { type BindingOptions, createBinding, type DefinedBinding } from "./binding.ts";
export type { DeclaredTable } from "./declare-table.ts";
export { openByName } from "./open-table.ts";
export { bindingOf } from "./references.ts";
export { createSchemaTables, type DefineOptions, type FillLookup, type SchemaTables } from "./schema-tables.ts";
