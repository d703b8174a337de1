import { checkOptions, TransactionError } from "@mortise/core";
import {
  type Database,
  type DatabaseRow,
  type Executor,
  needsBigint,
  type Session,
  type Statement,
} from "@mortise/sql";
import type { Block } from "../compile/block.ts";
import type { Environment } from "../compile/environment.ts";
import type { ProjectContext, TableBinding } from "../context.ts";
import type { Heading } from "../heading/heading.ts";
import { bindingsOf, leadingBinding } from "../query/bindings.ts";
import { invalidQuery } from "../query/errors.ts";
import type { QueryNode } from "../query/node.ts";
import type { ReadOptions } from "../types/index.ts";
import { type Compiler, loadCompiler } from "./load-compiler.ts";

/** A query ready to run: its headings read, its SQL made, the place to run it found. */
export interface Read {
  readonly project: ProjectContext;
  readonly database: Database;
  readonly executor: Executor;
  readonly compiler: Compiler;
  readonly environment: Environment;
  readonly block: Block;
  /** Whether the query runs in a transaction of the user's. */
  readonly inTransaction: boolean;
}

/** Reads the headings (declaring tables at their first use) and compiles. Wrong names in the query throw here. */
export async function openRead(node: QueryNode, options?: ReadOptions): Promise<Read> {
  checkOptions("a read", options, ["signal"]);
  const { project, className } = leadingBinding(node);
  const [compiler, database] = await Promise.all([loadCompiler(), project.database()]);
  const headings = await readHeadings(node, database, className);
  const environment = compiler.createEnvironment(headings, database.dialect, (message) =>
    project.logger.warn("query.no-lineage", { message }),
  );
  return {
    project,
    database,
    executor: await project.executor(),
    compiler,
    environment,
    block: compiler.compileNode(node, environment),
    inTransaction: project.inTransaction,
  };
}

/** One after another: each may declare its table, and those that refer to each other must not do so at once. */
async function readHeadings(
  node: QueryNode,
  database: Database,
  className: string,
): Promise<ReadonlyMap<TableBinding, Heading>> {
  const headings = new Map<TableBinding, Heading>();
  for (const binding of bindingsOf(node)) {
    if ((await binding.project.database()) !== database)
      throw invalidQuery(
        `a query of ${className} can't use ${binding.className}, which lies in another database`,
        "fetch the rows of one of them and restrict by these",
      );
    headings.set(binding, await binding.heading());
  }
  return headings;
}

/** Runs a statement whose columns are those of the block. */
export async function executeRead(
  read: Read,
  statement: Statement,
  signal: AbortSignal | undefined,
): Promise<readonly DatabaseRow[]> {
  signal?.throwIfAborted();
  const result = await read.executor.execute(statement, { signal, bigints: hasBigints(read.block) });
  return result.rows;
}

/** Whether a column may hold integers that a `number` can't. */
export function hasBigints(block: Block): boolean {
  return block.columns.some(({ attribute }) => needsBigint(attribute.type));
}

/** Throws where the transaction a read belongs to has ended meanwhile. */
export function checkStillOpen(read: Read, what: string): void {
  const { state } = read.executor as Partial<Session>;
  if (!read.inTransaction || state === undefined || state === "open") return;
  throw new TransactionError("ended", `${what} was used after its transaction had ended (${state})`, {
    hint: "read it to the end inside the transaction, or start it outside",
  });
}
