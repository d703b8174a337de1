import { describe, expect, it } from "vitest";
import type { ColumnSpec, TableSpec } from "../table-spec.ts";
import { parseColumnType } from "../types/parse.ts";
import { compareSpecs } from "./compare-specs.ts";

function column(name: string, text: string, more: Partial<ColumnSpec> = {}): ColumnSpec {
  const { type } = parseColumnType(text);
  if (type === undefined) throw new Error(`no type: ${text}`);
  const marker = type.kind === "core" ? text : undefined;
  return { name, type, marker, comment: "", nullable: false, default: undefined, ...more };
}

function table(columns: readonly ColumnSpec[], more: Partial<TableSpec> = {}): TableSpec {
  const primaryKey = columns.slice(0, 1).map(({ name }) => name);
  return { schema: "lab", name: "t", comment: "", columns, primaryKey, foreignKeys: [], indexes: [], ...more };
}

const toSubject = {
  foreignKeys: [{ columns: ["id"], parent: { schema: "lab", table: "subject" }, parentColumns: ["id"] }],
};

describe("comparing a definition with the database", () => {
  it("finds no difference in comments, plain indexes, hidden columns and spelling", () => {
    const defined = table([column("id", "int32"), column("d", "decimal(5,2)")], { comment: "a title" });
    const found = table(
      [
        column("id", "int32", { comment: "unique" }),
        column("d", "decimal(5, 2)"),
        column("_job_version", "varchar(64)", { nullable: true }),
      ],
      { indexes: [{ unique: false, items: [{ column: "d" }] }] },
    );
    expect(compareSpecs(defined, found)).toEqual([]);
  });

  it("takes the database's own type for the unmarked copies that Python makes for foreign keys", () => {
    const defined = table([column("id", "int32")], toSubject);
    expect(compareSpecs(defined, table([column("id", "int")], toSubject))).toEqual([]);
  });

  it.each([
    ["int(11)", "INTEGER"],
    ["int", "integer"],
    ["smallint unsigned", "smallint(5) unsigned"],
    ["decimal(10,2)", "numeric(10, 2)"],
    ["decimal(10,0)", "numeric"],
    ["double", "real"],
    ["year", "year(4)"],
    ["bigint unsigned auto_increment", "serial"],
  ])("takes %s of a catalog for what was written as %s", (shown, written) => {
    expect(compareSpecs(table([column("id", written)]), table([column("id", shown, { marker: undefined })]))).toEqual(
      [],
    );
  });

  it.each([
    ["datetime", "CURRENT_TIMESTAMP", "current_timestamp()"],
    ["datetime(3)", "CURRENT_TIMESTAMP(3)", "current_timestamp( 3 )"],
  ])("takes defaults of %s that mean now for one", (type, shown, written) => {
    const now = (text: string): TableSpec =>
      table([column("id", "int8"), column("t", type, { default: { kind: "sql", text } })]);
    expect(compareSpecs(now(written), now(shown))).toEqual([]);
  });

  it("takes the six digits that MySQL shows of a float32 for the default itself", () => {
    const withDefault = (text: string): TableSpec =>
      table([column("id", "int8"), column("f", "float32", { default: { kind: "literal", text } })]);
    expect(compareSpecs(withDefault("0.123456789"), withDefault("0.123457"))).toEqual([]);
    expect(compareSpecs(withDefault("0.123456789"), withDefault("0.123467"))).toHaveLength(1);
  });

  it("does not take it for other attributes", () => {
    expect(compareSpecs(table([column("id", "int32")]), table([column("id", "longtext")]))).toEqual([
      "attribute 'id': the type is int32 in the definition, longtext in the database",
    ]);
  });

  it("takes a null default and none for one where the attribute is nullable", () => {
    const defined = column("a", "int8", { nullable: true, default: { kind: "null" } });
    const found = column("a", "int8", { nullable: true });
    expect(compareSpecs(table([defined]), table([found]))).toEqual([]);
  });

  it("compares foreign keys by what they connect", () => {
    const defined = table([column("id", "int32")], toSubject);
    expect(compareSpecs(defined, table([column("id", "int32")]))).toEqual([
      "foreign key (id) → lab.subject (id) is not in the database",
    ]);
  });
});
