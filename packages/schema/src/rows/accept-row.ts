import { acceptValue as acceptForCodec, PluginError } from "@mortise/core";
import { atRow, useDefault } from "@mortise/sql";
import { locating, missingAttribute, notARow, placeOf, siteOf, undefinedValue, unknownAttribute } from "./errors.ts";
import type { WriteColumn, WriteTarget } from "./target.ts";

/** A row that its columns and codecs have accepted; nothing of it is encoded or written yet. */
export interface AcceptedRow {
  /** Position in what the caller gave, from 0. */
  readonly index: number;
  /** By column: the accepted value, `null`, or `useDefault`. */
  readonly values: unknown[];
  /** The key's accepted values by name; attributes that the database fills are left out. */
  readonly key: Readonly<Record<string, unknown>>;
  /** The key as one text, equal for equal keys; undefined when the database fills a part of it. */
  readonly keyText: string | undefined;
}

/** How strictly names are taken. */
export interface AcceptOptions {
  readonly ignoreExtraFields?: boolean | undefined;
}

/**
 * Checks a row against its table. Throws `ValueError` with the row's index, or what a codec's `accept` throws. A promise
 * only where a codec gives one: waiting for each of many thousand rows would take longer than their checks.
 */
export function acceptRow(
  target: WriteTarget,
  row: unknown,
  index: number,
  options: AcceptOptions,
): AcceptedRow | Promise<AcceptedRow> {
  const given = fieldsOf(target, row, index, options);
  const values: unknown[] = target.columns.map(() => undefined);
  const key: Record<string, unknown> = {};
  const keep = ({ attribute, index: position }: WriteColumn, value: unknown): void => {
    values[position] = value;
    if (attribute.inKey && value !== useDefault) key[attribute.name] = value;
  };
  const acceptFrom = (start: number): AcceptedRow | Promise<AcceptedRow> => {
    for (let next = start; next < target.keyFirst.length; next += 1) {
      const column = target.keyFirst[next] as WriteColumn;
      const value = acceptCell(target, column, given(column), index, key);
      if (value instanceof Promise) {
        return value.then((accepted) => {
          keep(column, accepted);
          return acceptFrom(next + 1);
        });
      }
      keep(column, value);
    }
    return { index, values, key, keyText: keyText(target, values) };
  };
  return acceptFrom(0);
}

/** A row's whole key and the columns to change. `undefined` is refused: it could mean "keep" as well as "empty". */
export async function acceptPatch(
  target: WriteTarget,
  row: unknown,
): Promise<{ readonly accepted: AcceptedRow; readonly changed: readonly WriteColumn[] }> {
  if (Array.isArray(row)) throw notARow(target, 0, "a list");
  const given = fieldsOf(target, row, 0, {});
  const fields = row as Readonly<Record<string, unknown>>;
  const values: unknown[] = Array.from({ length: target.columns.length }, () => useDefault);
  const key: Record<string, unknown> = {};
  for (const column of target.key) {
    const value = given(column);
    if (value === undefined || value === null) throw missingAttribute(target, 0, column.attribute.name);
    key[column.attribute.name] = values[column.index] = await acceptCell(target, column, value, 0, key);
  }
  const changed = target.rest.filter((column) => Object.hasOwn(fields, column.attribute.name));
  for (const column of changed) {
    const value = given(column);
    if (value === undefined) throw undefinedValue(target, column.attribute.name);
    values[column.index] = await acceptCell(target, column, value, 0, key);
  }
  return { accepted: { index: 0, values, key, keyText: keyText(target, values) }, changed };
}

type Given = (column: WriteColumn) => unknown;

/** How to get at the fields of a row, after its shape and its names were checked. Rows may be positional, as in Python. */
function fieldsOf(target: WriteTarget, row: unknown, index: number, options: AcceptOptions): Given {
  if (Array.isArray(row)) {
    if (row.length !== target.columns.length) {
      throw notARow(target, index, `a list of ${row.length} values for ${target.columns.length} attributes`);
    }
    return (column) => row[column.index] as unknown;
  }
  if (typeof row !== "object" || row === null) throw notARow(target, index, row === null ? "null" : typeof row);
  const fields = row as Readonly<Record<string, unknown>>;
  if (options.ignoreExtraFields !== true) {
    for (const name in fields) {
      if (!target.byName.has(name)) throw unknownAttribute(target, index, name);
    }
  }
  return (column) => (Object.hasOwn(fields, column.attribute.name) ? fields[column.attribute.name] : undefined);
}

/** One value: by its codec, else by its column's type. Errors get their place here, where it is known. */
function acceptCell(
  target: WriteTarget,
  column: WriteColumn,
  value: unknown,
  row: number,
  key: Readonly<Record<string, unknown>>,
): unknown {
  const { attribute } = column;
  if (value === undefined || value === null) return absent(target, column, row);
  if (attribute.unknownCodec !== undefined) throw unknownCodec(target, column, row);
  const { codec } = attribute;
  if (codec === undefined) {
    try {
      return column.accept(value);
    } catch (error) {
      throw atRow(error, siteOf(target, row, attribute.name));
    }
  }
  const site = siteOf(target, row, attribute.name);
  const { schema, className } = target.binding;
  const place = { schema, table: className, attribute: attribute.name, primaryKey: key };
  return locating(site, () => acceptForCodec(codec, value, place));
}

/** Null and absent are one: the column's default. */
function absent(target: WriteTarget, column: WriteColumn, row: number): unknown {
  const { attribute } = column;
  if (attribute.default !== undefined && attribute.default.kind !== "null") return useDefault;
  if (attribute.nullable) return null;
  if (attribute.autoIncrement) return useDefault;
  throw missingAttribute(target, row, attribute.name);
}

/** Errors of codecs and types do not know which row they are about. */
/** Fetching such a column gives its stored form; inserting one would mean to guess what the codec does. */
function unknownCodec(target: WriteTarget, column: WriteColumn, row: number): PluginError {
  const name = column.attribute.unknownCodec ?? "";
  return new PluginError(
    "unknown-codec",
    `${placeOf(target, row)}: "${column.attribute.name}" needs the codec <${name}>, which is not registered`,
    { hint: "add its plugin to openProject({ plugins: [...] })" },
  );
}

/** One value of a key, as it is bound, in a `keyText`. */
export function keyPart(bound: unknown): string {
  return `${typeof bound === "string" ? JSON.stringify(bound) : String(bound)},`;
}

/** Equal texts for rows that the database would call duplicates by their exact values; nothing is one without a key. */
function keyText(target: WriteTarget, values: readonly unknown[]): string | undefined {
  if (target.primaryKey.length === 0) return undefined;
  let text = "";
  for (const { index, attribute } of target.key) {
    const value = values[index];
    if (value === useDefault) return undefined;
    text += keyPart(target.dialect.toDatabase(attribute.type, value));
  }
  return text;
}
