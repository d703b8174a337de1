export * from "./class-name.ts";
export * from "./schema-name.ts";
export * from "./table-name.ts";
