import type { ForeignKeySpec, TableSpec } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { column, table } from "../../../sql/src/testing/table.ts";
import { textsOf } from "../testing/text-of.ts";
import { postgresDialect } from "./dialect.ts";

const create = (spec: TableSpec): readonly string[] => textsOf(postgresDialect.createTable(spec));

function to(parent: string, columns: readonly string[], parentColumns: readonly string[] = columns): ForeignKeySpec {
  return { columns, parent: { schema: "lab", table: parent }, parentColumns };
}

const id = column("subject_id", "int32", { comment: "unique id" });
const optional = { nullable: true } as const;

describe("createTable on PostgreSQL", () => {
  it("R-117: makes types, table and comments in this order", () => {
    const spec = table(
      "subject",
      [
        id,
        column("sex", "enum('M','F','U')", { default: { kind: "literal", text: "U" } }),
        column("dob", "date", { nullable: true, default: { kind: "null" } }),
      ],
      { comment: "Experimental subject's title" },
    );
    expect(create(spec)).toEqual([
      'DROP TYPE IF EXISTS "lab"."enum_dde9f227"',
      `CREATE TYPE "lab"."enum_dde9f227" AS ENUM ('M', 'F', 'U')`,
      [
        'CREATE TABLE "lab"."subject" (',
        '  "subject_id" integer NOT NULL,',
        `  "sex" "lab"."enum_dde9f227" NOT NULL DEFAULT 'U',`,
        '  "dob" date DEFAULT NULL,',
        '  PRIMARY KEY ("subject_id")',
        ")",
      ].join("\n"),
      `COMMENT ON TABLE "lab"."subject" IS 'Experimental subject''s title'`,
      `COMMENT ON COLUMN "lab"."subject"."subject_id" IS ':int32:unique id'`,
      `COMMENT ON COLUMN "lab"."subject"."sex" IS ':enum(''M'',''F'',''U''):'`,
      `COMMENT ON COLUMN "lab"."subject"."dob" IS ':date:'`,
    ]);
  });

  it("R-119: keys a singleton by its hidden column", () => {
    const flag = column("_singleton", "bool", {
      default: { kind: "literal", text: "1" },
      comment: "singleton primary key",
    });
    const texts = create(table("#setup", [flag, column("version", "int32")]));
    expect(texts[0]).toContain(`"_singleton" boolean NOT NULL DEFAULT 'true'`);
    expect(texts[0]).toContain('PRIMARY KEY ("_singleton")');
    expect(texts).toContain(`COMMENT ON COLUMN "lab"."#setup"."_singleton" IS ':bool:singleton primary key'`);
  });

  it("R-121: refers to parents, with unique indexes as declared and an index for each other foreign key", () => {
    const columns = [
      column("visit", "int32"),
      id,
      column("strain", "varchar(32)", optional),
      { ...id, name: "buddy" },
      { ...id, name: "rival", ...optional },
    ];
    const spec = table("visit", columns, {
      foreignKeys: [
        to("subject", ["subject_id"]),
        to("#strain", ["strain"]),
        to("subject", ["buddy"], ["subject_id"]),
        to("subject", ["rival"], ["subject_id"]),
      ],
      indexes: ["buddy", "rival"].map((name) => ({ unique: true, items: [{ column: name }] })),
    });
    const texts = create(spec);
    const actions = "ON UPDATE CASCADE ON DELETE RESTRICT";
    expect(texts[0]?.split("\n").slice(1, -1)).toEqual([
      '  "visit" integer NOT NULL,',
      '  "subject_id" integer NOT NULL,',
      '  "strain" varchar(32),',
      '  "buddy" integer NOT NULL,',
      '  "rival" integer,',
      '  PRIMARY KEY ("visit"),',
      `  FOREIGN KEY ("subject_id") REFERENCES "lab"."subject" ("subject_id") ${actions},`,
      `  FOREIGN KEY ("strain") REFERENCES "lab"."#strain" ("strain") ${actions},`,
      `  FOREIGN KEY ("buddy") REFERENCES "lab"."subject" ("subject_id") ${actions},`,
      `  FOREIGN KEY ("rival") REFERENCES "lab"."subject" ("subject_id") ${actions}`,
    ]);
    expect(indexesOf(texts)).toEqual([
      'UNIQUE index_visit_buddy ("buddy")',
      'UNIQUE index_visit_rival ("rival")',
      'fk_visit_subject_id ("subject_id")',
      'fk_visit_strain ("strain")',
    ]);
    expect(texts).toContain(`COMMENT ON COLUMN "lab"."visit"."rival" IS ':int32:unique id'`);
  });

  it("R-120, R-122, R-125: makes no index for a foreign key that the primary key or a longer one covers", () => {
    const session = { ...column("session", "int16") };
    const pair = { foreignKeys: [to("subject", ["src"], ["subject_id"]), to("subject", ["dst"], ["subject_id"])] };
    const src = { ...id, name: "src" };
    const dst = { ...id, name: "dst" };
    const keyed = table("pair", [src, dst], { ...pair, primaryKey: ["src", "dst"] });
    expect(indexesOf(create(keyed))).toEqual(['fk_pair_dst ("dst")']);
    const reuse = table("reuse", [id, session], {
      foreignKeys: [to("subject", ["subject_id"]), to("session", ["subject_id", "session"])],
    });
    expect(indexesOf(create(reuse))).toEqual(['fk_reuse_subject_id_session ("subject_id", "session")']);
    expect(indexesOf(create({ ...reuse, primaryKey: ["subject_id", "session"] }))).toEqual([]);
  });

  it("R-129: names indexes so that none collides and none is cut", () => {
    const long = "a".repeat(60);
    const columns = [column("k", "int8"), column("a", "int8"), column(long, "int8"), column("a_b", "int8")];
    const indexes = [["a"], ["a"], ["a", long], [long, "a"], ["a_b"]].map((names) => ({
      unique: false,
      items: names.map((name) => ({ column: name })),
    }));
    const names = create(table("t", columns, { indexes }))
      .concat(create(table("t_a", columns, { indexes })))
      .flatMap((text) => /^CREATE INDEX "([^"]*)"/.exec(text)?.[1] ?? []);
    expect(names.length).toBe(10);
    expect(new Set(names).size).toBe(10);
    expect(Math.max(...names.map((name) => name.length))).toBe(63);
  });

  it("R-124: takes the types of enums from the parent's columns, which only the server knows", () => {
    const e = column("e", "enum('x','y')", { comment: "100%" });
    const spec = table("wide_child", [e, column("val", "float32", { default: { kind: "literal", text: "1" } })], {
      foreignKeys: [to("wide", ["e"])],
    });
    const [block, comment, ...more] = create(spec);
    expect(block).toMatch(/^DO 'BEGIN EXECUTE pg_catalog\.format\(''CREATE TABLE/);
    expect(block).toContain('"e" %s NOT NULL');
    expect(block).toContain(`attrelid = ''"lab"."wide"''::pg_catalog.regclass AND attname = ''e''`);
    expect(comment).toMatch(/^COMMENT ON TABLE/);
    expect(more).toContain(`COMMENT ON COLUMN "lab"."wide_child"."e" IS ':enum(''x'',''y''):100%'`);
  });

  it("R-123, R-418: leaves the marker of a uuid away where it refers to another one", () => {
    const u = column("u", "uuid", { comment: "id" });
    expect(create(table("wide", [u]))).toContain(`COMMENT ON COLUMN "lab"."wide"."u" IS ':uuid:id'`);
    const child = table("child", [u], { foreignKeys: [to("wide", ["u"])] });
    expect(create(child)).toContain(`COMMENT ON COLUMN "lab"."child"."u" IS 'id'`);
  });

  it("does not count the rows of a column that refers to one that counts", () => {
    const spec = table("child", [column("n", "serial")], { foreignKeys: [to("numbered", ["n"])] });
    expect(create(spec)[0]).toContain('"n" integer NOT NULL');
    expect(create(table("numbered", [column("n", "serial")]))[0]).toContain('"n" serial NOT NULL');
  });

  it.each(["j.x.y:char(20)", "(year(d))"])("R-131: refuses an index on %s", (expression) => {
    const spec = table("t", [column("k", "int8")], { indexes: [{ unique: false, items: [{ expression }] }] });
    expect(() => create(spec)).toThrow(`lab.t: an index on ${expression} can't be declared on PostgreSQL`);
  });

  it("refuses a table without a key", () => {
    expect(() => create(table("t", [column("k", "int8")], { primaryKey: [] }))).toThrow("lab.t has no primary key");
  });

  it("quotes whatever stands in a name", () => {
    expect(create({ ...table('a"b', [column("k", "int8")]), schema: "o'd" })[0]).toMatch(
      /^CREATE TABLE "o'd"."a""b" \(/,
    );
    expect(textsOf(postgresDialect.createSchema('x"; DROP SCHEMA lab; --'))).toEqual([
      'CREATE SCHEMA IF NOT EXISTS "x""; DROP SCHEMA lab; --"',
    ]);
  });

  it("drops a table, and asks the server which of its enum types nobody needs any more", () => {
    expect(textsOf(postgresDialect.dropTable(table("t", [column("k", "int8")])))).toEqual(['DROP TABLE "lab"."t"']);
    const [block, ...more] = textsOf(postgresDialect.dropTable(table("t", [column("k", "enum('a')")])));
    expect(more).toEqual([]);
    expect(block).toContain('DROP TABLE "lab"."t";');
    expect(block).not.toContain("CASCADE");
  });
});

/** Index statements without what is the same in all of them. */
function indexesOf(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => {
    const match = /^CREATE (UNIQUE )?INDEX "(.*)_[0-9a-f]{8}" ON "lab"\."[^"]*" (\(.*\))$/.exec(text);
    return match === null ? [] : [`${match[1] ?? ""}${match[2]} ${match[3]}`];
  });
}
