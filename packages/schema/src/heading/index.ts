export * from "./compare.ts";
export * from "./create.ts";
export * from "./from-spec.ts";
export type * from "./heading.ts";
export * from "./same-type.ts";
