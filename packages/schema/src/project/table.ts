import type { TableBinding } from "../context.ts";
import { dropTable } from "../deletes/drop-table.ts";
import { invalidQuery } from "../query/errors.ts";
import type { HasQueryNode } from "../query/handle.ts";
import { createQuery } from "../query/selection.ts";
import type { WriteEnvironment } from "../rows/operation.ts";

import type { AnyHeading, DropOptions, InsertOptions, InsertSummary, Table } from "../types/index.ts";
import type { ProjectInternals } from "./internals.ts";

/** A table at run time, before its columns are known to the type system. */
export type RuntimeTable = Table<AnyHeading> & HasQueryNode;

/** What a table handle needs to write. */
export interface TableEnvironment {
  readonly internals: ProjectInternals;
  writes(): Promise<WriteEnvironment>;
}

/** A query of all rows that can also be written. What writes loads its modules, and Kysely with them, at first use. */
export function createTable(environment: TableEnvironment, binding: TableBinding): RuntimeTable {
  const insert = async (rows: unknown, options: InsertOptions = {}): Promise<InsertSummary> => {
    const iterable = requireRows(rows, binding);
    const { insertRows } = await import("../rows/insert.ts");
    return await insertRows(await environment.writes(), binding, iterable, options);
  };
  const table: RuntimeTable = Object.assign(createQuery(binding), {
    name: binding.className,
    schemaName: binding.schema,
    tableName: binding.tableName,
    insert,
    insertOne: (row: unknown, options?: InsertOptions) => insert([row], options),
    async updateOne(row: unknown, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
      const { updateRow } = await import("../rows/update.ts");
      await updateRow(await environment.writes(), binding, row, options);
    },
    async drop(options?: DropOptions): Promise<void> {
      for (const { schema, table: name } of await dropTable(binding, options)) {
        for (const defined of environment.internals.defined.get(`${schema}.${name}`) ?? []) defined.forget();
      }
    },
    as: () => table as never,
  });
  return table;
}

/** One row in place of a list is the most frequent slip: say so instead of "not iterable". */
function requireRows(rows: unknown, binding: TableBinding): Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof rows === "object" && rows !== null && (Symbol.iterator in rows || Symbol.asyncIterator in rows)) {
    return rows as Iterable<unknown>;
  }
  const found = rows === null ? "null" : typeof rows;
  throw invalidQuery(
    `insert into ${binding.className} takes an array or iterable of rows, got ${found}`,
    found === "object" ? "one row goes through insertOne(row)" : "pass a list of objects",
  );
}
