import type { ColumnSpec, TableSpec } from "@mortise/sql";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { backend, testServer } from "../../test/database/provided.ts";
import { type Lab, openLab, refs } from "../../test/declare-lab.ts";
import type { TableBinding } from "../context.ts";

const subjectText = `
  # Experimental subject
  subject_id : int32   # unique id
  ---
  name : varchar(100)  # display name
  sex = 'U' : enum('M','F','U')
  dob = null : date
`;

/** `name marker [null] [= default] [# comment]`: the catalog of a column on one line. */
function columnText(column: ColumnSpec): string {
  const { default: value } = column;
  const shown = value === undefined ? "" : value.kind === "literal" ? ` = '${value.text}'` : ` = ${value.kind}`;
  const comment = column.comment === "" ? "" : ` # ${column.comment}`;
  return `${column.name} ${column.marker ?? "-"}${column.nullable ? " null" : ""}${shown}${comment}`;
}

function keysOf(spec: TableSpec): readonly string[] {
  return spec.foreignKeys.map(
    ({ columns, parent, parentColumns }) =>
      `(${columns.join()}) → ${parent.schema}.${parent.table}(${parentColumns.join()})`,
  );
}

function indexesOf(spec: TableSpec, unique: boolean): readonly string[] {
  return spec.indexes
    .filter((index) => index.unique === unique)
    .map(({ items }) => items.map((item) => ("column" in item ? item.column : `(${item.expression})`)).join());
}

interface Parents {
  readonly Subject: TableBinding;
  readonly Strain: TableBinding;
  readonly Session: TableBinding;
}

function parentsOf({ tables }: Lab): Parents {
  const Subject = tables.define("manual", "Subject", subjectText);
  const Strain = tables.define("lookup", "Strain", "strain : varchar(32)\n---\nnote = '' : varchar(20)");
  const text = "-> Subject\nsession : int16\n---\nrig = '' : varchar(10)\nscore = null : float64";
  return { Subject, Strain, Session: tables.define("manual", "Session", text, refs({ Subject })) };
}

/** Indexes of JSON paths and expressions: PostgreSQL's would not be found by queries, MariaDB has none. */
const hasPathIndexes = backend === "sqlite" || testServer()?.name.startsWith("mysql") === true;

describe("tables in the catalog", () => {
  it("R-117: keeps title, types, defaults and comments", async () => {
    await using lab = await openLab();
    const spec = await parentsOf(lab).Subject.spec();
    expect(spec).toMatchObject({ name: "subject", comment: "Experimental subject", primaryKey: ["subject_id"] });
    expect(spec.columns.map(columnText)).toEqual([
      "subject_id int32 # unique id",
      "name varchar(100) # display name",
      "sex enum('M','F','U') = 'U'",
      "dob date null = null",
    ]);
  });

  it("R-118: declares a lookup and hands over its contents once", async () => {
    await using lab = await openLab();
    const filled: (readonly object[])[] = [];
    const tables = lab.schema("lab", async (table, contents) => {
      // The table can be used while it is filled.
      expect((await table.heading()).primaryKey).toEqual(["strain"]);
      filled.push(contents);
    });
    const contents = [{ strain: "b6", note: "x" }, { strain: "sv" }];
    const text = "strain : varchar(32)\n---\nnote = '' : varchar(20)";
    const Strain = tables.define("lookup", "Strain", text, {}, { contents });
    await Promise.all([Strain.heading(), Strain.spec(), Strain.heading()]);
    expect(filled).toEqual([contents]);
    expect((await Strain.spec()).columns.map(columnText)).toEqual(["strain varchar(32)", "note varchar(20) = ''"]);
  });

  it("R-118: hands over nothing when the lookup has as many rows already", async () => {
    await using lab = await openLab();
    await lab.tables.define("lookup", "Strain", "strain : varchar(32)").heading();
    await lab.database.execute(sql`insert into ${lab.database.dialect.table("lab", "#strain")} values ('b6')`);
    const filled: (readonly object[])[] = [];
    const tables = lab.schema("lab", (_, contents) => Promise.resolve(void filled.push(contents)));
    const define = (contents: readonly object[]): TableBinding =>
      tables.define("lookup", "Strain", "strain : varchar(32)", {}, { contents });
    await define([{ strain: "b6" }]).heading();
    expect(filled).toEqual([]);
    await define([{ strain: "b6" }, { strain: "sv" }]).heading();
    expect(filled).toHaveLength(1);
  });

  it("R-119: gives a table without key a hidden one", async () => {
    await using lab = await openLab();
    const Setup = lab.tables.define("lookup", "Setup", "# Global settings\n---\nversion = 1 : int32");
    const spec = await Setup.spec();
    expect(spec.columns.map(columnText)).toEqual([
      "_singleton bool = '1' # singleton primary key",
      "version int32 = '1'",
    ]);
    expect(spec.primaryKey).toEqual(["_singleton"]);
    const heading = await Setup.heading();
    expect(heading.primaryKey).toEqual([]);
    expect([...heading.byName.keys()]).toEqual(["version"]);
  });

  it("R-120: a foreign key in the key comes before the attributes after it, with its parent's marker", async () => {
    await using lab = await openLab();
    const spec = await parentsOf(lab).Session.spec();
    expect(spec.columns.map(columnText)).toEqual([
      "subject_id int32 # unique id",
      "session int16",
      "rig varchar(10) = ''",
      "score float64 null = null",
    ]);
    expect(spec.primaryKey).toEqual(["subject_id", "session"]);
    expect(keysOf(spec)).toEqual(["(subject_id) → lab.subject(subject_id)"]);
  });

  it("R-121: secondary foreign keys: plain, nullable, unique, both, renamed", async () => {
    await using lab = await openLab();
    const Visit = lab.tables.define(
      "manual",
      "Visit",
      `visit : int32
       ---
       -> Subject
       -> [nullable] Strain
       -> [unique] Subject.proj(buddy='subject_id')
       -> [nullable, unique] Subject.proj(rival='subject_id')`,
      refs({ ...parentsOf(lab) }),
    );
    const spec = await Visit.spec();
    expect(spec.columns.map(columnText)).toEqual([
      "visit int32",
      "subject_id int32 # unique id",
      "strain varchar(32) null",
      "buddy int32 # unique id",
      "rival int32 null # unique id",
    ]);
    expect(new Set(keysOf(spec))).toEqual(
      new Set([
        "(subject_id) → lab.subject(subject_id)",
        "(strain) → lab.#strain(strain)",
        "(buddy) → lab.subject(subject_id)",
        "(rival) → lab.subject(subject_id)",
      ]),
    );
    expect(indexesOf(spec, true)).toEqual(["buddy", "rival"]);
  });

  it("R-122: two renamed foreign keys to one parent make the key", async () => {
    await using lab = await openLab();
    const text = "-> Subject.proj(src='subject_id')\n-> Subject.proj(dst='subject_id')";
    const spec = await lab.tables.define("manual", "Pair", text, refs({ ...parentsOf(lab) })).spec();
    expect(spec.columns.map(columnText)).toEqual(["src int32 # unique id", "dst int32 # unique id"]);
    expect(spec.primaryKey).toEqual(["src", "dst"]);
  });

  const wide = "u : uuid\ne : enum('x','y')\nd : decimal(5,0)\nt : datetime(3)\nb : bool\nc : char(4)\nf : float64";
  const wideColumns = [
    "u uuid",
    "e enum('x','y')",
    "d decimal(5,0)",
    "t datetime(3)",
    "b bool",
    "c char(4)",
    "f float64",
  ];

  it("R-123: a key of many types", async () => {
    await using lab = await openLab();
    const spec = await lab.tables.define("manual", "Wide", wide).spec();
    expect(spec.columns.map(columnText)).toEqual(wideColumns);
    expect(spec.primaryKey).toEqual(["u", "e", "d", "t", "b", "c", "f"]);
  });

  it("R-124: the child of such a key has the same columns, markers included", async () => {
    await using lab = await openLab();
    const Wide = lab.tables.define("manual", "Wide", wide);
    const spec = await lab.tables.define("manual", "WideChild", "-> Wide\n---\nval : float32", refs({ Wide })).spec();
    expect(spec.columns.map(columnText)).toEqual([...wideColumns, "val float32"]);
    expect(keysOf(spec)).toEqual(["(u,e,d,t,b,c,f) → lab.wide(u,e,d,t,b,c,f)"]);
  });

  it("R-125: a later foreign key uses an attribute that is there already", async () => {
    await using lab = await openLab();
    const text = "-> Subject\n---\n-> Session";
    const spec = await lab.tables.define("manual", "Reuse", text, refs({ ...parentsOf(lab) })).spec();
    expect(spec.columns.map(columnText)).toEqual(["subject_id int32 # unique id", "session int16"]);
    expect(spec.primaryKey).toEqual(["subject_id"]);
    expect(new Set(keysOf(spec))).toEqual(
      new Set(["(subject_id) → lab.subject(subject_id)", "(subject_id,session) → lab.session(subject_id,session)"]),
    );
  });

  it("R-126: a computed table with a part", async () => {
    await using lab = await openLab();
    const { Session, Strain } = parentsOf(lab);
    const Analysis = lab.tables.define("computed", "Analysis", "-> Session\n---\nval : int32", refs({ Session }));
    const Unit = lab.tables.definePart(Analysis, "Unit", "-> master\nunit : int8\n---\n-> Strain", refs({ Strain }));
    expect(Unit.className).toBe("Analysis.Unit");
    const spec = await Unit.spec();
    expect(spec.name).toBe("__analysis__unit");
    expect(spec.columns.map(columnText)).toEqual([
      "subject_id int32 # unique id",
      "session int16",
      "unit int8",
      "strain varchar(32)",
    ]);
    expect(spec.primaryKey).toEqual(["subject_id", "session", "unit"]);
    expect(new Set(keysOf(spec))).toEqual(
      new Set(["(subject_id,session) → lab.__analysis(subject_id,session)", "(strain) → lab.#strain(strain)"]),
    );
    expect((await Analysis.spec()).name).toBe("__analysis");
  });

  it("R-127: an imported table has no job columns in this release", async () => {
    await using lab = await openLab();
    const { Session } = parentsOf(lab);
    const spec = await lab.tables.define("imported", "Scan", "-> Session\n---\nn : int32", refs({ Session })).spec();
    expect(spec.name).toBe("_scan");
    expect(spec.columns.map(columnText)).toEqual(["subject_id int32 # unique id", "session int16", "n int32"]);
  });

  it("R-128: a foreign key may lead into another schema", async () => {
    await using lab = await openLab();
    const { Subject, Strain } = parentsOf(lab);
    const far = lab.schema("lab2");
    const spec = await far.define("manual", "Remote", "-> Subject\n---\n-> Strain", refs({ Subject, Strain })).spec();
    expect(spec).toMatchObject({ schema: "lab2", name: "remote" });
    expect(new Set(keysOf(spec))).toEqual(
      new Set(["(subject_id) → lab.subject(subject_id)", "(strain) → lab.#strain(strain)"]),
    );
    expect(await lab.database.catalog.lineage(lab.database, "lab2")).toContainEqual({
      table: "remote",
      attribute: "subject_id",
      lineage: "lab.subject.subject_id",
    });
  });

  it("R-129: plain and unique indexes", async () => {
    await using lab = await openLab();
    const text = "k : int8\n---\na : int8\nb : varchar(10)\nindex (a, b)\nunique index (b)  # one per b\nINDEX(a)";
    const spec = await lab.tables.define("manual", "Idx", text).spec();
    expect(indexesOf(spec, true)).toEqual(["b"]);
    expect(indexesOf(spec, false)).toEqual(["a,b", "a"]);
  });

  it("R-131: indexes of JSON paths and expressions go to the database as written, or are refused", async () => {
    await using lab = await openLab();
    const text = "k : int8\n---\nj : json\nv : varchar(9)\nindex (j.x.y:char(20))\nindex ((upper(v)), k)";
    const T = lab.tables.define("manual", "T", text);
    if (hasPathIndexes) expect(indexesOf(await T.spec(), false)).toEqual(["(j.x.y:char(20))", "((upper(v))),k"]);
    else await expect(T.spec()).rejects.toThrow(/index/);
    // What the database does not know it refuses, and nothing of the table stays behind.
    const Slow = lab.tables.define("manual", "Slow", "k : int8\n---\nd : date\nindex ((no_such_function(d)))");
    await expect(Slow.heading()).rejects.toMatchObject({ name: expect.stringMatching(/^(?:Query|Definition)Error$/) });
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).toEqual(hasPathIndexes ? ["t"] : []);
  });

  it("R-130: codec columns keep their marker and have the type that their chain ends in", async () => {
    await using lab = await openLab();
    const text = "k : int8\n---\nb = null : <blob>\nc : <blob@main>  # traces\nd : <npy@main>\ne : <object@>";
    const Obj = lab.tables.define("manual", "Obj", text);
    const spec = await Obj.spec();
    expect(spec.columns.map(columnText)).toEqual([
      "k int8",
      "b <blob> null = null",
      "c <blob@main> # traces",
      "d <npy@main>",
      "e <object@>",
    ]);
    expect(spec.columns.map(({ type }) => type.name)).toEqual(["int8", "bytes", "json", "json", "json"]);
    const { byName } = await Obj.heading();
    expect(byName.get("c")?.codec?.codecs.map(({ name }) => name)).toEqual(["blob", "hash"]);
    expect(byName.get("c")?.codec?.store).toBe("main");
    expect(byName.get("e")?.codec?.store).toBe("");
  });
});

describe("lineage", () => {
  it("R-132: every schema with a table keeps its origins in a hidden table", async () => {
    await using lab = await openLab();
    expect(await lab.database.catalog.lineage(lab.database, "lab")).toBeUndefined();
    await parentsOf(lab).Subject.heading();
    expect(await lab.database.catalog.lineage(lab.database, "lab")).toHaveLength(1);
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).toEqual(["subject"]);
  });

  it("R-133: attributes of keys and foreign keys have their origin, others none", async () => {
    await using lab = await openLab();
    const parents = parentsOf(lab);
    const { tables } = lab;
    const all = refs({ ...parents });
    tables.define("lookup", "Setup", "---\nversion = 1 : int32");
    const Analysis = tables.define("computed", "Analysis", "-> Session\n---\nval : int32", all);
    tables.definePart(Analysis, "Unit", "-> master\nunit : int8\n---\n-> Strain", all);
    tables.define("manual", "Pair", "-> Subject.proj(src='subject_id')\n-> Subject.proj(dst='subject_id')", all);
    tables.define("manual", "Reuse", "-> Subject\n---\n-> Session", all);
    await tables.declareAll();
    const rows = (await lab.database.catalog.lineage(lab.database, "lab")) ?? [];
    expect(rows.map((row) => `${row.table} ${row.attribute} ${row.lineage}`).toSorted()).toEqual(
      [
        "#setup _singleton lab.#setup._singleton",
        "#strain strain lab.#strain.strain",
        "__analysis session lab.session.session",
        "__analysis subject_id lab.subject.subject_id",
        "__analysis__unit session lab.session.session",
        "__analysis__unit strain lab.#strain.strain",
        "__analysis__unit subject_id lab.subject.subject_id",
        "__analysis__unit unit lab.__analysis__unit.unit",
        "pair dst lab.subject.subject_id",
        "pair src lab.subject.subject_id",
        "reuse session lab.session.session",
        "reuse subject_id lab.subject.subject_id",
        "session session lab.session.session",
        "session subject_id lab.subject.subject_id",
        "subject subject_id lab.subject.subject_id",
      ].toSorted(),
    );
    const heading = await parents.Session.heading();
    expect(heading.hasLineage).toBe(true);
    expect(heading.byName.get("subject_id")?.lineage).toBe("lab.subject.subject_id");
    expect(heading.byName.get("rig")?.lineage).toBeUndefined();
  });

  it("R-134: replacing a table's rows leaves one row per attribute", async () => {
    await using lab = await openLab();
    const { catalog } = lab.database;
    await parentsOf(lab).Subject.heading();
    for (const lineage of ["lab.zz.a", "lab.yy.b"]) {
      await catalog.replaceLineage(lab.database, "lab", "zz", [{ table: "zz", attribute: "a", lineage }]);
    }
    const rows = (await catalog.lineage(lab.database, "lab")) ?? [];
    expect(rows.filter(({ table }) => table === "zz")).toEqual([{ table: "zz", attribute: "a", lineage: "lab.yy.b" }]);
  });
});
