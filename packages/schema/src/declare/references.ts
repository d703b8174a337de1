import { DefinitionError, nearest } from "@mortise/core";
import type { ProjectContext, TableBinding } from "../context.ts";
import type { ForeignKeyLine, TableDefinition } from "../definition/ast.ts";
import { problemAt, tableProblem } from "../definition/problems.ts";
import { isQuery, queryNode } from "../query/handle.ts";

/** The table behind a user's constant; undefined for a query or anything else. */
export function bindingOf(value: unknown): TableBinding | undefined {
  if (!isQuery(value)) return undefined;
  const node = value[queryNode];
  return node.kind === "table" ? node.binding : undefined;
}

/** The third argument of a definition as bindings. Throws `DefinitionError` `invalid-reference` for what is no table. */
export function bindReferences(
  references: Readonly<Record<string, unknown>>,
  table: string,
): Readonly<Record<string, TableBinding>> {
  return Object.fromEntries(
    Object.entries(references).map(([name, value]) => {
      const binding = bindingOf(value);
      if (binding !== undefined) return [name, binding];
      throw tableProblem(table, "invalid-reference", `the reference '${name}' is ${describe(value)}`, {
        hint: "pass tables: { Session, Trial }",
      });
    }),
  );
}

/** An undefined reference is nearly always a table that is defined further down. */
function describe(value: unknown): string {
  if (value === undefined) return "undefined: is the table defined above this one?";
  return isQuery(value) ? "a query, and a foreign key needs a whole table" : `no table but ${typeof value}`;
}

/** The table whose `->` lines are checked. */
export interface ReferencingTable {
  readonly project: ProjectContext;
  readonly schema: string;
  readonly tableName: string;
  readonly className: string;
  readonly master?: TableBinding | undefined;
}

/**
 * Checks that every `->` line refers to a table that was passed, that no table refers to itself, and that a part refers
 * to its master in its key. Throws `DefinitionError` with the position of the line.
 */
export function checkReferences(
  definition: TableDefinition,
  references: Readonly<Record<string, TableBinding>>,
  table: ReferencingTable,
): void {
  const lines = definition.items.filter((item) => item.kind === "foreign-key");
  for (const line of lines) checkReference(line, references, table);
  const { master } = table;
  if (master === undefined) return;
  if (lines.some((line) => line.inKey && isSameTable(references[line.reference], master))) return;
  throw new DefinitionError(
    "invalid-reference",
    `table ${table.className}: a part must refer to its master ${master.className} in its key`,
    { table: table.className, hint: "begin the definition with '-> master'" },
  );
}

/** Own properties only: `-> toString` is no reference to what every object inherits. */
function checkReference(
  line: ForeignKeyLine,
  references: Readonly<Record<string, TableBinding>>,
  table: ReferencingTable,
): void {
  const parent = Object.hasOwn(references, line.reference) ? references[line.reference] : undefined;
  if (parent === undefined) {
    const guess = nearest(line.reference, Object.keys(references));
    const pass = `pass the table in the third argument: { ${/^\w+$/.test(line.reference) ? line.reference : `"${line.reference}": …`} }`;
    throw problemAt(
      line.position,
      table.className,
      "unknown-reference",
      `'-> ${line.reference}' names no table that was passed`,
      { hint: guess === undefined ? pass : `did you mean '${guess}'? Otherwise ${pass}` },
    );
  }
  // One configuration is one database, and constraints can't leave it.
  if (parent.project.config !== table.project.config) {
    throw problemAt(
      line.position,
      table.className,
      "invalid-reference",
      `${parent.className} belongs to another open project`,
      { hint: "define both tables with schemas of one project" },
    );
  }
  if (parent.schema === table.schema && parent.tableName === table.tableName) {
    throw problemAt(line.position, table.className, "invalid-reference", "a table can't refer to itself", {
      hint: "keep such relations in a table of their own with two foreign keys",
    });
  }
}

/** Two constants may stand for one table, so names are compared and not objects. */
function isSameTable(a: TableBinding | undefined, b: TableBinding): boolean {
  return a?.schema === b.schema && a.tableName === b.tableName;
}
