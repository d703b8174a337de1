export type * from "./ast.ts";
export { type ParseOptions, parseDefinition } from "./parse.ts";
export { printDefinition } from "./print.ts";
export type { DefinitionCode } from "./problems.ts";
