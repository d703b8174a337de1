import { TransactionError } from "@mortise/core";
import type { ProjectContext, TableBinding, Tier } from "../context.ts";
import type { TableDefinition } from "../definition/ast.ts";
import { resolveColumn } from "../definition/column.ts";
import { parseDefinition } from "../definition/parse.ts";
import { tableProblem } from "../definition/problems.ts";
import { checkClassName, checkSchemaName, partTableNameOf, tableNameOf } from "../names/index.ts";
import { createBinding, type DefinedBinding } from "./binding.ts";
import { resolveIndex } from "./index-spec.ts";
import { bindReferences, checkReferences } from "./references.ts";

/** What the definition of a table may say besides its text. */
interface DefineOptions {
  readonly adopt?: boolean | undefined;
  /** Rows of a lookup. */
  readonly contents?: readonly object[] | undefined;
}

/** Inserts the contents of a lookup, skipping duplicates; called where the table has fewer rows. Given by whoever can insert. */
export type FillLookup = (table: TableBinding, contents: readonly object[]) => Promise<void>;

/** The tables of one schema that a program has defined, and the way to those that it has not. */
export interface SchemaTables {
  readonly schema: string;
  /** Parses and checks, without I/O. `references` are the user's table constants. Throws `DefinitionError`. */
  define(
    tier: Tier,
    name: string,
    definition: string,
    references?: Readonly<Record<string, unknown>>,
    options?: DefineOptions,
  ): DefinedBinding;
  definePart(
    master: TableBinding,
    name: string,
    definition: string,
    references?: Readonly<Record<string, unknown>>,
    options?: DefineOptions,
  ): DefinedBinding;
  /** A table by name: the one defined here under it, else the one in the database. */
  open(name: string): Promise<TableBinding>;
  /** Declares everything defined so far, parents first. Throws `TransactionError` `undeclared` inside a transaction. */
  declareAll(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
}

/**
 * The tables of one schema of a project. Nothing is read or written before a table is used; `fill` is called for
 * lookups whose contents are missing. Throws `DefinitionError` `invalid-name` for a name that no schema can have.
 */
export function createSchemaTables(project: ProjectContext, schemaName: string, fill: FillLookup): SchemaTables {
  const schema = checkSchemaName(schemaName);
  const defined: DefinedBinding[] = [];

  /** Checks what can be checked without I/O, and remembers the table for `declareAll`. */
  const add = (
    table: Pick<TableBinding, "className" | "tableName" | "tier" | "master">,
    text: string,
    references: Readonly<Record<string, TableBinding>>,
    options: DefineOptions,
  ): DefinedBinding => {
    const definition = parseDefinition(text, { table: table.className });
    checkReferences(definition, references, { project, schema, ...table });
    checkColumns(definition, project, table.className);
    const { contents } = options;
    const binding = createBinding({
      project,
      schema,
      ...table,
      definition,
      references,
      adopt: options.adopt,
      fill: contents === undefined ? undefined : (declared) => fillWhereFewer(declared, contents, fill),
    });
    defined.push(binding);
    return binding;
  };

  return {
    schema,
    define(tier, name, definition, references = {}, options = {}) {
      const className = acceptClassName(project, name);
      const tableName = tableNameOf(className, tier);
      return add({ className, tableName, tier }, definition, bindReferences(references, className), options);
    },
    definePart(master, name, definition, references = {}, options = {}) {
      if (master.master !== undefined) {
        throw tableProblem(name, "invalid-reference", `${master.className} is a part and can't have parts`);
      }
      const partName = acceptClassName(project, name);
      const className = `${master.className}.${partName}`;
      const tableName = partTableNameOf(master.tableName, partName);
      const bound = { ...bindReferences(references, className), [master.className]: master, master };
      return add({ className, tableName, tier: master.tier, master }, definition, bound, options);
    },
    async open(name) {
      const known = defined.findLast((binding) => binding.className === name || binding.tableName === name);
      if (known === undefined) return (await import("../existing/index.ts")).openByName(project, schema, name);
      await known.heading();
      return known;
    },
    async declareAll({ signal } = {}) {
      if (project.inTransaction) throw declaredInside(schema);
      // In the order of definition, which has parents first: a reference must exist before it can be passed.
      for (const binding of defined) {
        signal?.throwIfAborted();
        await binding.heading();
      }
    },
  };
}

/** Counting first keeps programs that only read from asking for the write lock at every start. */
async function fillWhereFewer(table: TableBinding, contents: readonly object[], fill: FillLookup): Promise<void> {
  const { sql } = await import("kysely");
  const database = await table.project.database();
  const from = database.dialect.table(table.schema, table.tableName);
  const { rows } = await database.execute<{ readonly n: unknown }>(sql`select count(*) as "n" from ${from}`);
  if (Number(rows[0]?.n) < contents.length) await fill(table, contents);
}

/** The class name as it is used from here on; a name that was changed is told to the log. */
function acceptClassName(project: ProjectContext, written: string): string {
  const { name, warning } = checkClassName(written);
  if (warning !== undefined) project.logger.warn("table.name", { message: warning });
  return name;
}

/** What is known at once should be told where the table is defined, not at its first use: codecs, columns of indexes. */
function checkColumns({ items }: TableDefinition, project: ProjectContext, table: string): void {
  const names = new Set<string>();
  for (const item of items) {
    if (item.kind !== "attribute") continue;
    resolveColumn(item, project.registry, table);
    names.add(item.name);
  }
  // Which columns a foreign key brings is known when its parent has been read.
  if (items.some((item) => item.kind === "foreign-key")) return;
  for (const item of items) if (item.kind === "index") resolveIndex(item, names, table);
}

/** Creating tables commits on MySQL, and would end the user's transaction behind their back. */
function declaredInside(schema: string): TransactionError {
  return new TransactionError("undeclared", `tables of schema '${schema}' can't be declared inside a transaction`, {
    hint: "declare before the transaction begins",
  });
}
