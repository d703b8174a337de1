export type * from "./catalog.ts";
export type * from "./database.ts";
export * from "./dialect.ts";
export type * from "./ledger/contract.ts";
export type * from "./plugin.ts";
export type * from "./table-spec.ts";
export type * from "./types/column-type.ts";
