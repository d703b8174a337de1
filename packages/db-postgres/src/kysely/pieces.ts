import type { KyselyPieces } from "@mortise/sql/driver";
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";

/** What Kysely itself has for PostgreSQL; the driver below it is Mortise's. */
export const kyselyPieces: KyselyPieces = {
  createAdapter: () => new PostgresAdapter(),
  createIntrospector: (database) => new PostgresIntrospector(database),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};
