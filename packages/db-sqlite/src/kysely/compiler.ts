import type { KyselyPieces } from "@mortise/sql/driver";
import { type SchemableIdentifierNode, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";

/**
 * Prints a table of a schema as one name, `"experiment.session"`: SQLite has no schemas, and so the same Kysely code
 * (`withSchema("experiment")`) runs on every database.
 */
export class SqliteCompiler extends SqliteQueryCompiler {
  protected override visitSchemableIdentifier(node: SchemableIdentifierNode): void {
    if (node.schema === undefined) {
      this.visitNode(node.identifier);
      return;
    }
    const name = this.sanitizeIdentifier(`${node.schema.name}.${node.identifier.name}`);
    this.append(`${this.getLeftIdentifierWrapper()}${name}${this.getRightIdentifierWrapper()}`);
  }
}

/** What Kysely has to know of SQLite. */
export const sqlitePieces: KyselyPieces = {
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (database) => new SqliteIntrospector(database),
  createQueryCompiler: () => new SqliteCompiler(),
};
