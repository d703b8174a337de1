/** What asks for tables that the program has not defined: loaded when it is first called. */
export { describeTable } from "./describe.ts";
export { generateTypes } from "./generate-types.ts";
export { openByName } from "./open-table.ts";
export { type ExistingTable, existingTables } from "./tables.ts";
