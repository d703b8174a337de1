/**
 * The part of Kysely that fragments are made of. An entry of its own, because Kysely takes 100–200 ms to import and
 * most of `@mortise/sql` works without it.
 */
export {
  type CompiledQuery,
  type Expression,
  Kysely,
  type RawBuilder,
  type Sql,
  sql,
} from "kysely";
