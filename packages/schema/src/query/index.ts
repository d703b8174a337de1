/** Building queries: conditions, the `sql` tag and query objects. */
export { all, not, unchecked } from "./combinators.ts";
export { type Identifier, type SqlTag, sql } from "./fragment.ts";
export { type Universal, universal } from "./universal.ts";
