import { decodeChain } from "@mortise/core";
import type { DatabaseRow, Dialect } from "@mortise/sql";
import type { Block } from "../compile/block.ts";
import type { ProjectContext } from "../context.ts";
import { type CodecColumn, type PlainColumn, readColumns } from "./read-columns.ts";

/** A row as users see it. */
export type FetchedRow = Record<string, unknown>;

/** Turns raw rows into values; made once per read. */
export interface Decoder {
  /** Converts all that needs no codec. */
  prepare(raw: DatabaseRow): PreparedRow;
  /** Columns of a row that may each need a request. */
  readonly external: number;
}

/** A row whose plain values are there and whose codecs are still to run. */
export interface PreparedRow {
  /** Bytes that the decoded row will roughly hold: what it brings along, and what its metadata says. */
  readonly weight: number;
  /** Once. Without a promise where no codec needs one: a promise per row costs at 8 000 rows/s. */
  decode(): FetchedRow | Promise<FetchedRow>;
}

/** `signal` reaches the codecs' reads. Throws `ConfigError` where a codec's store is not configured. */
export function createDecoder(block: Block, dialect: Dialect, project: ProjectContext, signal: AbortSignal): Decoder {
  const names = block.columns.map((column) => column.attribute.name);
  const { plain, coded } = readColumns(block, dialect, project);
  // A row of no columns was selected with one that only says that it is there.
  const inPlace = dialect.traits.ownRows === true && coded.length === 0 && plain.length > 0;
  const decodeCoded = (row: FetchedRow, stored: readonly unknown[]): FetchedRow | Promise<FetchedRow> => {
    const primaryKey = Object.fromEntries(block.primaryKey.map((name) => [name, row[name]]));
    const pending: Promise<void>[] = [];
    try {
      for (const [index, column] of coded.entries()) {
        if (stored[index] === null) continue;
        const site = { ...column.site, primaryKey };
        const context = project.objects.decodeContext(site, column.storeName, signal);
        const decoded = decodeChain(column.chain, stored[index], context);
        if (isPromise(decoded)) pending.push(settle(row, column.name, decoded));
        else row[column.name] = decoded;
      }
    } catch (error) {
      // This failure is reported; one of a column that is still on its way must not count as unhandled.
      for (const other of pending) other.catch(() => undefined);
      throw error;
    }
    return pending.length === 0 ? row : Promise.all(pending).then(() => row);
  };
  return {
    external: coded.filter((column) => column.chain.store !== undefined).length,
    prepare: (raw) => {
      if (inPlace) return { weight: 0, decode: () => convertInPlace(plain, raw) };
      if (coded.length === 0) return { weight: 0, decode: () => convert({}, plain, raw) };
      const row: FetchedRow = {};
      // Every name first, so that the columns of a row come in the order of the heading.
      for (const name of names) row[name] = null;
      convert(row, plain, raw);
      const stored = coded.map((column) => storedValue(column, raw));
      return { weight: weigh(stored), decode: () => decodeCoded(row, stored) };
    },
  };
}

function convert(row: FetchedRow, columns: readonly PlainColumn[], raw: DatabaseRow): FetchedRow {
  for (const { name, convert } of columns) {
    const value = raw[name];
    row[name] = value === null || value === undefined ? null : convert(value);
  }
  return row;
}

/** The driver's row as users see it: copying it would take longer than all conversions together. */
function convertInPlace(columns: readonly PlainColumn[], raw: DatabaseRow): FetchedRow {
  const row = raw as FetchedRow;
  for (const { name, convert } of columns) {
    const value = row[name];
    if (value === null) continue;
    const read = convert(value);
    if (read !== value) row[name] = read;
  }
  return row;
}

/** What the codec made, before it is asked to undo it: JSON parsed, bytes as bytes. */
function storedValue(column: CodecColumn, raw: DatabaseRow): unknown {
  const value = raw[column.name];
  return value === null || value === undefined ? null : column.convert(value);
}

/** A decoded value takes about as much as its stored bytes, or as the size that its metadata names. */
function weigh(stored: readonly unknown[]): number {
  let sum = 0;
  for (const value of stored) {
    if (value instanceof Uint8Array) sum += value.byteLength;
    const size = (value as { readonly size?: unknown } | null)?.size;
    if (typeof size === "number" && size > 0) sum += size;
  }
  return sum;
}

async function settle(row: FetchedRow, name: string, decoded: Promise<unknown>): Promise<void> {
  row[name] = await decoded;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
