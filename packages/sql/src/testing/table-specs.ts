import * as fc from "fast-check";
import type { ColumnDefault, ColumnSpec, IndexSpec, TableSpec } from "../table-spec.ts";
import { column } from "./table.ts";

/** What differs between databases in the tables that a property makes. */
export interface TableSpecOptions {
  /** Beside `keyTypes`. */
  readonly otherTypes: readonly string[];
  /** By type, as the database's catalog shows it. */
  readonly defaults: Readonly<Record<string, ColumnDefault>>;
  readonly comment: fc.Arbitrary<string>;
  /** Whether a nullable column without default is told from one with a null default. */
  readonly tellsNullDefaults: boolean;
  /** An expression over a column that can be indexed; undefined where none can. */
  readonly expression: ((column: string) => string) | undefined;
}

/** Types that every database has in keys. */
const keyTypes = [
  "int8",
  "int32",
  "int64",
  "uuid",
  "date",
  "varchar(30)",
  "enum('x','y')",
  "decimal(5,2)",
  "datetime(3)",
];

// Names stand unquoted in the index expression, where `as` or `index` would be keywords; no keyword ends in an underscore.
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/).map((text) => `${text}_`);

/** A parent and a child that refers to it twice, with indexes and every kind of default. */
export function tableSpecs(options: TableSpecOptions): fc.Arbitrary<readonly [parent: TableSpec, child: TableSpec]> {
  const { comment } = options;
  const type = fc.constantFrom(...keyTypes, ...options.otherTypes);
  return fc
    .record({
      names: fc.uniqueArray(name, { minLength: 9, maxLength: 9 }),
      keys: fc.array(fc.tuple(fc.constantFrom(...keyTypes), comment), { minLength: 1, maxLength: 3 }),
      others: fc.array(fc.tuple(type, fc.integer({ min: 0, max: 3 }), comment), { maxLength: 3 }),
      comments: fc.tuple(comment, comment),
      indexes: fc.array(fc.record({ unique: fc.boolean(), size: fc.integer({ min: 1, max: 2 }) }), { maxLength: 2 }),
      prefix: fc.constantFrom("", "#", "_", "__"),
    })
    .map(({ names, keys, others, comments, indexes, prefix }): readonly [TableSpec, TableSpec] => {
      const keyColumns = keys.map(([one, text], i) => column(names[i] as string, one, { comment: text }));
      const secondary = others.map(([one, choice, text], i) => {
        return columnOf(names[i + 3] as string, one, choice, text, options);
      });
      const key = keyColumns.map((one) => one.name);
      const parent: TableSpec = {
        schema: "lab",
        name: `${prefix}parent`,
        comment: comments[0],
        columns: [...keyColumns, ...secondary],
        primaryKey: key.toReversed(),
        foreignKeys: [],
        indexes: indexes.map(
          ({ unique, size }): IndexSpec => ({ unique, items: key.slice(0, size).map((one) => ({ column: one })) }),
        ),
      };
      const renamed = keyColumns.map((one, i) => ({ ...one, name: `${names[i + 6]}_r` }));
      const foreignKey = { parent: { schema: "lab", table: parent.name }, parentColumns: parent.primaryKey };
      const expression = options.expression?.(key[0] ?? "");
      const child: TableSpec = {
        schema: "lab",
        name: `${prefix}parent__child`,
        comment: comments[1],
        columns: [...keyColumns, ...renamed.map((one) => ({ ...one, nullable: true }))],
        primaryKey: key,
        foreignKeys: [
          { ...foreignKey, columns: parent.primaryKey },
          { ...foreignKey, columns: renamed.map((one) => one.name).toReversed() },
        ],
        indexes: expression === undefined ? [] : [{ unique: false, items: [{ expression }] }],
      };
      return [parent, child];
    });
}

/** The same tables in another schema. */
export function inSchema(schema: string, specs: readonly TableSpec[]): readonly TableSpec[] {
  return specs.map((spec) => ({
    ...spec,
    schema,
    foreignKeys: spec.foreignKeys.map((key) => ({ ...key, parent: { ...key.parent, schema } })),
  }));
}

function columnOf(
  attribute: string,
  type: string,
  choice: number,
  text: string,
  { defaults, tellsNullDefaults }: TableSpecOptions,
): ColumnSpec {
  const nothing = { nullable: true, default: { kind: "null" } as const, comment: text };
  if (choice === 1) return column(attribute, type, nothing);
  if (choice === 2) return column(attribute, type, tellsNullDefaults ? { nullable: true, comment: text } : nothing);
  return column(attribute, type, { comment: text, default: choice === 3 ? defaults[type] : undefined });
}
