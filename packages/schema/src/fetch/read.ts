import { QueryError } from "@mortise/core";
import type { Block } from "../compile/block.ts";
import { leadingBinding } from "../query/bindings.ts";
import { invalidQuery, invalidRestriction, show } from "../query/errors.ts";
import type { QueryNode } from "../query/node.ts";
import { parseMatch } from "../query/parse-restriction.ts";
import type { ReadOptions } from "../types/index.ts";
import { linkAbort, rejectAborted } from "./abort.ts";
import { decodeRows } from "./decode-rows.ts";
import { createDecoder, type FetchedRow } from "./decoder.ts";
import { executeRead, openRead, type Read } from "./open-read.ts";

/** All rows. Without `orderBy` in the order the database finds them. */
export async function fetchRows(node: QueryNode, options: ReadOptions = {}): Promise<FetchedRow[]> {
  return fetchBlock(await openRead(node, options), undefined, options);
}

/** The only row. Throws `QueryError` `not-one-row` for none and for several. */
export async function fetchOne(node: QueryNode, options: ReadOptions = {}): Promise<FetchedRow> {
  const read = await openRead(node, options);
  const rows = await fetchBlock(read, 2, options);
  const [row] = rows;
  if (row !== undefined && rows.length === 1) return row;
  throw new QueryError(
    "not-one-row",
    `fetchOne on ${leadingBinding(node).className} found ${rows.length === 0 ? "no row" : "more than one row"}, expected exactly one`,
    { hint: rows.length === 0 ? "fetchFirst gives undefined instead" : "restrict by the whole key, or use fetchFirst" },
  );
}

/** The first row in the query's order, else by key; undefined where there is none. */
export async function fetchFirst(node: QueryNode, options: ReadOptions = {}): Promise<FetchedRow | undefined> {
  const rows = await fetchRows({ kind: "limit", source: node, count: 1, offset: 0 }, options);
  return rows[0];
}

/** The row with this key: all of the key and nothing else. */
export async function getRow(
  node: QueryNode,
  key: Readonly<Record<string, unknown>>,
  options: ReadOptions = {},
): Promise<FetchedRow | undefined> {
  const match = parseMatch(key, false);
  const read = await openRead({ kind: "where", source: node, conditions: [match] }, options);
  // Only now it is known what the key is; names that are no attributes have been refused by compiling.
  const { primaryKey } = read.block;
  const given = match.entries.map(([name]) => name);
  const missing = primaryKey.filter((name) => !given.includes(name));
  const extra = given.filter((name) => !primaryKey.includes(name));
  if (missing.length > 0 || extra.length > 0)
    throw invalidRestriction(
      `get needs the key (${primaryKey.join(", ")}): ${missing.length > 0 ? `${missing.join(", ")} missing` : `${extra.join(", ")} not in it`}`,
      "for other restrictions use where(…).fetchOne() or fetchFirst()",
    );
  for (const [name, value] of match.entries)
    if (typeof value === "object" && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array))
      throw invalidRestriction(
        `get needs one value for ${name}, got ${show(value)}`,
        "use where for lists and comparisons",
      );
  const rows = await fetchBlock(read, undefined, options);
  return rows[0];
}

/** The key of every row. */
export async function readKeys(node: QueryNode, options: ReadOptions = {}): Promise<FetchedRow[]> {
  return fetchRows({ kind: "projection", source: node, kept: [], mapped: new Map() }, options);
}

/** How many rows there are, counted by the database. A limit counts. */
export async function countRows(node: QueryNode, options: ReadOptions = {}): Promise<number> {
  const read = await openRead(node, options);
  const rows = await executeRead(read, read.compiler.countStatement(read.block, read.environment), options.signal);
  const count = Number(rows[0]?.["n"]);
  if (!Number.isSafeInteger(count)) throw invalidQuery(`the database answered a count with ${show(rows[0]?.["n"])}`);
  return count;
}

/** Whether there is any row; the database stops at the first. */
export async function rowsExist(node: QueryNode, options: ReadOptions = {}): Promise<boolean> {
  const read = await openRead(node, options);
  const rows = await executeRead(read, read.compiler.existsStatement(read.block, read.environment), options.signal);
  return rows.length > 0;
}

/** `atMost` cuts where the query itself has no limit; any rows will do then. */
async function fetchBlock(read: Read, atMost: number | undefined, options: ReadOptions): Promise<FetchedRow[]> {
  const block: Block =
    atMost === undefined || read.block.limit !== undefined
      ? read.block
      : { ...read.block, limit: { count: atMost, offset: 0 } };
  using abort = linkAbort(options.signal);
  const decoder = createDecoder(block, read.database.dialect, read.project, abort.control.signal);
  const statement = read.compiler.fetchStatement(block, read.environment);
  const raw = await executeRead(read, statement, options.signal);
  return await decodeRows(raw, decoder, abort.control).catch(rejectAborted(options.signal));
}
