import { TransactionError } from "@mortise/core";
import type { ProjectContext, TableBinding, Tier } from "../context.ts";
import type { TableDefinition } from "../definition/ast.ts";
import { type DeclaredTable, declareTable } from "./declare-table.ts";
import { once } from "./once.ts";

/** A binding that can be told that its table is gone. */
export interface DefinedBinding extends TableBinding {
  /** After a drop: the next use declares the table again. */
  forget(): void;
}

/** What a binding needs besides the facts of its table. */
export interface BindingOptions {
  readonly project: ProjectContext;
  readonly schema: string;
  readonly className: string;
  readonly tableName: string;
  readonly tier: Tier;
  readonly master?: TableBinding | undefined;
  readonly definition: TableDefinition;
  readonly references: Readonly<Record<string, TableBinding>>;
  /** Uses an existing table although it differs from the definition. */
  readonly adopt?: boolean | undefined;
  /**
   * Runs once after the table is declared and before anybody may use it: the contents of a lookup. What it is given is
   * the declared table, whose `heading()` does not wait for this.
   */
  readonly fill?: ((table: TableBinding) => Promise<void>) | undefined;
}

/**
 * A table with a definition. Declares it at the first `heading()` or `spec()`, once, however many ask at the same time;
 * a failure is told to all of them and tried again by the next. Inside a transaction a table that is not declared yet
 * is refused: creating it would wait for the transaction's own lock, or commit it.
 */
export function createBinding(options: BindingOptions): DefinedBinding {
  const { adopt, fill, ...table } = options;
  const declaring = once(() => declareTable(table, { adopt }));
  const declaredOnly: TableBinding = bind(table, () => declaring.get());
  const filling = once(async () => {
    const declared = await declaring.get();
    await fill?.(declaredOnly);
    return declared;
  });

  const ready = (): Promise<DeclaredTable> => {
    if (!filling.done && table.project.inTransaction) return Promise.reject(undeclared(table));
    return filling.get();
  };
  return {
    ...bind(table, ready),
    forget() {
      declaring.reset();
      filling.reset();
    },
  };
}

/** What is known of a table without asking the database. */
type TableFacts = Omit<TableBinding, "heading" | "spec">;

/** Plain functions, no `this`: transactions copy bindings with another project context. */
function bind(table: TableFacts, declared: () => Promise<DeclaredTable>): TableBinding {
  return {
    ...table,
    heading: async () => (await declared()).heading,
    spec: async () => (await declared()).spec,
  };
}

/** The first use was inside a transaction. */
function undeclared({ className, schema }: TableFacts): TransactionError {
  return new TransactionError(
    "undeclared",
    `the table ${className} of schema '${schema}' is used for the first time inside a transaction, where it can't be declared`,
    { hint: `call 'await ${schema}.declare()' on the schema before the transaction` },
  );
}
