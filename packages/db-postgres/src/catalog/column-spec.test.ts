import { isAutoIncrement, nativeFamily, needsBigint } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { type ColumnJson, columnSpec } from "./column-spec.ts";

function stored(type: string, extra: Partial<ColumnJson> = {}): ColumnJson {
  const plain = { labels: null, required: true, identity: false, generated: false, default: null, comment: null };
  return { name: "a", type, ...plain, ...extra };
}

const read = (type: string, extra: Partial<ColumnJson> = {}, isReference = false) =>
  columnSpec(stored(type, extra), isReference);

describe("a column of PostgreSQL's catalog", () => {
  it.each<[id: string, stored: ColumnJson, expected: object]>([
    ["R-151", stored("integer", { comment: ":int32:unique id" }), { marker: "int32", comment: "unique id" }],
    [
      "R-152",
      stored("character varying(100)", { comment: ":varchar(100):display name" }),
      { type: { name: "varchar", length: 100 }, marker: "varchar(100)", comment: "display name" },
    ],
    [
      "R-153",
      stored("lab.enum_e54fc739", { labels: ["M", "F", "U"], comment: ":enum('M','F','U'):" }),
      { type: { name: "enum", values: ["M", "F", "U"] }, marker: "enum('M','F','U')" },
    ],
    ["R-154", stored("date", { required: false, comment: ":date:" }), { nullable: true, default: { kind: "null" } }],
    ["R-155", stored("uuid", { comment: ":uuid:" }), { type: { kind: "core", name: "uuid" }, marker: "uuid" }],
    [
      "R-156",
      stored("numeric(5,0)", { comment: ":decimal(5,0):" }),
      { type: { name: "decimal", precision: 5, scale: 0 }, marker: "decimal(5,0)" },
    ],
    [
      "R-157",
      stored("timestamp(3) without time zone", { comment: ":datetime(3):" }),
      { type: { name: "datetime", digits: 3 }, marker: "datetime(3)" },
    ],
    ["R-158", stored("boolean", { comment: ":bool:" }), { type: { kind: "core", name: "bool" } }],
    ["R-159", stored("double precision", { comment: ":float64:" }), { type: { kind: "core", name: "float64" } }],
    ["R-162", stored("real", { comment: ":float32:" }), { type: { kind: "core", name: "float32" } }],
    [
      "R-163",
      stored("bytea", { required: false, comment: ":<blob>:" }),
      { type: { kind: "core", name: "bytes" }, marker: "<blob>", nullable: true },
    ],
    [
      "R-164",
      stored("jsonb", { comment: ":<blob@main>:traces" }),
      { type: { kind: "core", name: "json" }, marker: "<blob@main>", comment: "traces" },
    ],
  ])("%s: is read with the type of its marker", (_id, column, expected) => {
    expect(columnSpec(column, false)).toMatchObject(expected);
  });

  it("R-160: a uuid of a foreign key needs no marker to be one", () => {
    expect(read("uuid", { comment: "id" }, true)).toMatchObject({ marker: "uuid", comment: "id" });
    expect(read("uuid")).toMatchObject({ type: { kind: "core", name: "uuid" }, marker: undefined });
  });

  it.each<[string, string, object]>([
    ["R-161, an enum", "lab.enum_52102d8e", { kind: "core", name: "enum", values: ["x", "y"] }],
    ["a decimal", "numeric(5,0)", { kind: "core", name: "decimal", precision: 5, scale: 0 }],
    // Python has lost the digits of the parent's.
    ["a datetime", "timestamp without time zone", { kind: "native", name: "timestamp", text: "timestamp(6)" }],
    ["an integer", "integer", { kind: "native", name: "int", text: "int" }],
    ["a text", "character(4)", { kind: "core", name: "char", length: 4 }],
  ])("%s of a foreign key of Python's has no marker, and the parent's type", (_id, type, expected) => {
    const labels = type.includes("enum") ? ["x", "y"] : null;
    expect(read(type, { labels }, true)).toMatchObject({ type: expected, marker: undefined, default: undefined });
  });

  it.each([
    ["smallint", "smallint"],
    ["integer", "int"],
    ["bigint", "bigint"],
    ["real", "real"],
    ["double precision", "float"],
    ["numeric", "numeric"],
    ["numeric(5,2)", "numeric(5,2)"],
    ["text", "text"],
    ["timestamp without time zone", "timestamp"],
    ["timestamp(3) without time zone", "timestamp(3)"],
    ["time without time zone", "time"],
    ["int4range", "int4range"],
    ["integer[]", "integer[]"],
    ['"My Schema"."my type"', '"My Schema"."my type"'],
    ["timestamp(3) with time zone", "timestamp(3) with time zone"],
    ["character varying", "character varying"],
    ["numeric(1000,3)", "numeric(1000,3)"],
    ["-", "-"],
  ])("%s without a marker is a native type, written as definitions write it", (type, text) => {
    expect(read(type).type).toMatchObject({ kind: "native", text });
  });

  it.each(["bigint[]", "bit(8)", "bit varying(8)", "real[]", "bytea[]", "int8range", "time with time zone"])(
    "%s is text, which nothing tries to read as a number or bytes",
    (type) => {
      const column = read(type);
      expect(column.type.kind === "native" && nativeFamily(column.type)).toBe("text");
      expect(needsBigint(column.type)).toBe(false);
    },
  );

  it.each([
    ["jsonb", "json"],
    ["json", "json"],
    ["bytea", "bytes"],
    ["boolean", "bool"],
    ["character varying(7)", "varchar"],
  ])("%s without a marker is a core type", (type, name) => {
    expect(read(type).type).toMatchObject({ kind: "core", name });
  });

  it("goes by what the column is where the marker says something else", () => {
    const text = read("text", { comment: ":int32:was changed by hand" });
    expect(text).toMatchObject({ type: { kind: "native", text: "text" }, marker: "int32" });
    const labels = ["a", "b", "c"];
    expect(read("lab.e", { labels, comment: ":enum('a','b'):" }).type).toMatchObject({ values: labels });
    expect(read("lab.e", { labels, comment: ":varchar(5):" }).type).toMatchObject({ values: labels });
    expect(read("bigint", { comment: ":no such type:" }).type).toMatchObject({ kind: "core", name: "int64" });
  });

  it("reads markers in any spelling", () => {
    expect(read("character varying(20)", { comment: ":VARCHAR (20):x" }).type).toMatchObject({ length: 20 });
    expect(read("timestamp without time zone", { comment: ":datetime:" }).type).toMatchObject({ digits: undefined });
  });

  it.each([
    ["serial", "integer", { default: "nextval('lab.t_a_seq'::regclass)" }],
    ["bigserial", "bigint", { identity: true }],
    ["smallserial", "smallint", { identity: true }],
  ])("%s: a column that counts is no default", (text, type, extra) => {
    const column = read(type, extra);
    expect(column).toMatchObject({ type: { kind: "native", text }, default: undefined });
    expect(isAutoIncrement(column.type)).toBe(true);
  });

  it("R-127: reads hidden columns like all others", () => {
    expect(read("character varying(64)", { required: false, default: "''::character varying" })).toMatchObject({
      nullable: true,
      default: { kind: "literal", text: "" },
    });
  });
});
