import { type CodecChain, decodeChain, isMortiseError } from "@mortise/core";
import type { DatabaseRow, Dialect } from "@mortise/sql";
import type { Block, Origin, QueryColumn } from "../compile/block.ts";
import type { ProjectContext } from "../context.ts";

/** A row as users see it. */
export type FetchedRow = Record<string, unknown>;

/** Turns raw rows into values; prepared once per read. */
export interface Decoder {
  /** Without a promise where no codec needs one: a promise per row costs at 8 000 rows/s. */
  decode(raw: DatabaseRow): FetchedRow | Promise<FetchedRow>;
  /** Columns of a row that may each need a request. */
  readonly external: number;
  /** Bytes that decoding the row will roughly hold: what its metadata says, and what it brings along. */
  weigh(raw: DatabaseRow): number;
}

interface CodecColumn {
  readonly name: string;
  readonly chain: CodecChain;
  readonly storeName: string | undefined;
  readonly origin: Origin;
  readonly stored: (raw: unknown) => unknown;
}

interface PlainColumn {
  readonly name: string;
  readonly convert: (raw: unknown) => unknown;
}

/** `signal` reaches the codecs' reads. Throws `ConfigError` where a codec's store is not configured. */
export function createDecoder(block: Block, dialect: Dialect, project: ProjectContext, signal: AbortSignal): Decoder {
  const names = block.columns.map((column) => column.attribute.name);
  const plain: PlainColumn[] = [];
  const coded: CodecColumn[] = [];
  for (const column of block.columns) {
    const codec = codecColumn(column, dialect, project);
    if (codec === undefined) plain.push({ name: column.attribute.name, convert: plainConversion(column, dialect) });
    else coded.push(codec);
  }
  const convertPlain = (raw: DatabaseRow): FetchedRow => {
    const row: FetchedRow = {};
    // Every name first, so that the columns of a row come in the order of the heading.
    if (coded.length > 0) for (const name of names) row[name] = null;
    for (const { name, convert } of plain) {
      const value = raw[name];
      row[name] = value === null || value === undefined ? null : convert(value);
    }
    return row;
  };
  const decodeCoded = (row: FetchedRow, raw: DatabaseRow): FetchedRow | Promise<FetchedRow> => {
    const primaryKey = Object.fromEntries(block.primaryKey.map((name) => [name, row[name]]));
    const pending: Promise<void>[] = [];
    for (const column of coded) {
      const value = raw[column.name];
      if (value === null || value === undefined) continue;
      const site = {
        schema: column.origin.binding.schema,
        table: column.origin.binding.className,
        attribute: column.origin.attribute,
        primaryKey,
      };
      const context = project.objects.decodeContext(site, column.storeName, signal);
      const decoded = decodeChain(column.chain, column.stored(value), context);
      if (isPromise(decoded)) pending.push(settle(row, column.name, decoded));
      else row[column.name] = decoded;
    }
    if (pending.length === 0) return row;
    return pending.length === 1 && pending[0] !== undefined
      ? pending[0].then(() => row)
      : Promise.all(pending).then(() => row);
  };
  return {
    decode: (raw) => (coded.length === 0 ? convertPlain(raw) : decodeCoded(convertPlain(raw), raw)),
    external: coded.filter((column) => column.chain.store !== undefined).length,
    weigh: (raw) => coded.reduce((sum, column) => sum + weight(column, raw[column.name]), 0),
  };
}

function codecColumn(column: QueryColumn, dialect: Dialect, project: ProjectContext): CodecColumn | undefined {
  const { attribute, origin } = column;
  if (attribute.codec === undefined || origin === undefined) return undefined;
  const { store } = attribute.codec;
  return {
    name: attribute.name,
    chain: attribute.codec,
    storeName: store === undefined ? undefined : project.objects.resolveName(store),
    origin,
    stored: (raw) => dialect.fromDatabase(attribute.type, raw),
  };
}

function plainConversion({ attribute, kind, origin }: QueryColumn, dialect: Dialect): (raw: unknown) => unknown {
  const { type } = attribute;
  // A computed column has no type: values come as the driver gives them, integers as numbers where they fit.
  if (origin === undefined && (kind === "computed" || attribute.declared === "expression"))
    return (raw) => (typeof raw === "bigint" && Number.isSafeInteger(Number(raw)) ? Number(raw) : raw);
  return (raw) => dialect.fromDatabase(type, raw);
}

async function settle(row: FetchedRow, name: string, decoded: Promise<unknown>): Promise<void> {
  row[name] = await decoded;
}

/** A decoded value takes about as much as its stored bytes, or as the size that its metadata names. */
function weight(column: CodecColumn, raw: unknown): number {
  if (raw instanceof Uint8Array) return raw.byteLength;
  if (raw === null || raw === undefined || column.chain.store === undefined) return 0;
  try {
    const size = (column.stored(raw) as { readonly size?: unknown } | null)?.size;
    return typeof size === "number" && size > 0 ? size : 0;
  } catch (error) {
    // Decoding will report it, with the place.
    if (isMortiseError(error)) return 0;
    throw error;
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
