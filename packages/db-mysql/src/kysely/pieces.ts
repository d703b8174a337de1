import type { KyselyPieces } from "@mortise/sql/driver";
import { MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler } from "kysely";

/** What differs between databases in Kysely's eyes. */
export const kyselyPieces: KyselyPieces = {
  createAdapter: () => new MysqlAdapter(),
  createIntrospector: (database) => new MysqlIntrospector(database),
  createQueryCompiler: () => new MysqlQueryCompiler(),
};
