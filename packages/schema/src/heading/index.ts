export * from "./create.ts";
export * from "./from-spec.ts";
export type * from "./heading.ts";
