export * from "./definition/index.ts";
export { type Attribute, type Heading, headingFromSpec } from "./heading/index.ts";
export { checkClassName, classNameOf, qualifiedClassName, type TableTier, tierOf } from "./names/index.ts";
export * from "./query/index.ts";
export type * from "./types/index.ts";
