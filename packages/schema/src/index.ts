export * from "./definition/index.ts";
export { type Attribute, type Heading, headingFromSpec } from "./heading/index.ts";
export { checkClassName, classNameOf, qualifiedClassName, type TableTier, tierOf } from "./names/index.ts";
export { openProject } from "./project/open-project.ts";
export * from "./query/index.ts";
export { rowsCommittedBefore } from "./rows/summary.ts";
export type * from "./types/index.ts";
