import { describe, expect, it } from "vitest";
import { constant, fakeCodec, openLab, refs } from "../../test/declare-lab.ts";

const text = "k : int8\n---\na : int8\nb = 'x' : varchar(8)  # note";

describe("declaring", () => {
  it("does no I/O until a table is used", async () => {
    await using lab = await openLab();
    lab.tables.define("manual", "T", text);
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).toEqual([]);
  });

  it("declares parents first, each table once, however many ask at the same time", async () => {
    await using lab = await openLab();
    const A = lab.tables.define("manual", "A", "a : int8");
    const B = lab.tables.define("manual", "B", "-> A\nb : int8", refs({ A }));
    const C = lab.tables.define("manual", "C", "-> B\n---\n-> A", refs({ A, B }));
    await Promise.all([C.heading(), B.heading(), A.spec(), C.spec(), lab.tables.declareAll()]);
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).toEqual(["a", "b", "c"]);
  });

  it("lets two programs declare the same tables at the same time", async () => {
    await using lab = await openLab();
    const programs = [lab.tables, lab.again(), lab.again()];
    for (const tables of programs) {
      const A = tables.define("manual", "A", "a : int8");
      tables.define("manual", "B", "-> A\nb : int8", { A: constant(A) });
    }
    await Promise.all(programs.map((tables) => tables.declareAll()));
    expect(await lab.database.catalog.lineage(lab.database, "lab")).toHaveLength(3);
  });

  it("tries again after a failure", async () => {
    await using lab = await openLab();
    let broken = true;
    const tables = lab.schema("lab", () => (broken ? Promise.reject(new Error("full")) : Promise.resolve()));
    const Table = tables.define("lookup", "T", "k : int8", {}, { contents: [{ k: 1 }] });
    await expect(Table.heading()).rejects.toThrow("full");
    broken = false;
    await expect(Table.heading()).resolves.toBeDefined();
  });

  it("declares again after the table was dropped", async () => {
    await using lab = await openLab();
    const Table = lab.tables.define("manual", "T", text);
    for (const statement of lab.database.dialect.dropTable(await Table.spec())) await lab.database.execute(statement);
    Table.forget();
    await Table.heading();
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).toEqual(["t"]);
  });

  it("R-389: is an error inside a transaction, with nothing sent", async () => {
    await using lab = await openLab();
    const tables = lab.again({ inTransaction: true });
    const Table = tables.define("manual", "T", text);
    await expect(Table.heading()).rejects.toMatchObject({
      code: "undeclared",
      hint: expect.stringContaining("declare()"),
    });
    await expect(tables.declareAll()).rejects.toMatchObject({ code: "undeclared" });
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).toEqual([]);
  });

  it("creates nothing where the configuration says so, and uses what is there", async () => {
    await using lab = await openLab();
    const reader = lab.again({ settings: { "database.create_tables": false } });
    const Table = reader.define("manual", "T", text);
    await expect(Table.heading()).rejects.toMatchObject({
      code: "missing-table",
      message: "schema 'lab' has no table 'T', and database.create_tables is false",
    });
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).toEqual([]);
    await lab.tables.define("manual", "T", text).heading();
    expect([...(await Table.heading()).byName.keys()]).toEqual(["k", "a", "b"]);
  });

  it("stops declaring when it is aborted", async () => {
    await using lab = await openLab();
    lab.tables.define("manual", "T", text);
    await expect(lab.tables.declareAll({ signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).toEqual([]);
  });

  it("says that underscores were removed from a class name", async () => {
    await using lab = await openLab();
    expect(lab.tables.define("manual", "My_Table", text)).toMatchObject({
      className: "MyTable",
      tableName: "my_table",
    });
    expect(lab.warnings).toEqual(["table.name"]);
  });

  it("refuses schema names that other databases can't have", async () => {
    await using lab = await openLab();
    expect(() => lab.schema("My-Lab")).toThrow(expect.objectContaining({ code: "invalid-name" }));
  });

  it("tells of a missing codec where the table is defined", async () => {
    await using lab = await openLab();
    expect(() => lab.tables.define("manual", "T", "k : int8\n---\n  x : <zarr@>")).toThrow(
      expect.objectContaining({ code: "unknown-codec", line: 3, column: 3 }),
    );
  });
});

describe("an existing table", () => {
  it("is used when the definition says the same in other words", async () => {
    await using lab = await openLab();
    await lab.tables.define("manual", "T", `# title\n${text}\nc : <blob@>\nd = 1.50 : decimal(5,2)`).heading();
    const same = `k:int8 # other comment\n---\na : int8\nb = "x" : varchar(8)\nc : < blob @ >\nd = 1.5 : decimal(5, 2)\nindex (a)`;
    await expect(lab.again().define("manual", "T", same).heading()).resolves.toBeDefined();
  });

  it("is an error with every difference, unless it is adopted", async () => {
    await using lab = await openLab();
    const A = lab.tables.define("manual", "A", "a : int8");
    await lab.tables.define("manual", "T", "k : int8\n---\nb = 'x' : varchar(8)\n-> A", refs({ A })).heading();
    const again = lab.again();
    const B = again.define("manual", "B", "d : int8");
    const other = "k : int16\n---\nb = null : varchar(8)\nc : int8\n-> B\nunique index (c)";
    const Table = again.define("manual", "T", other, refs({ B }));
    const problem = await Table.heading().catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: "mismatch", table: "T", hint: expect.stringContaining("adopt: true") });
    expect(String(problem).match(/(?<=^ {2}- ).*$/gm)).toEqual([
      "attribute 'k': the type is int16 in the definition, int8 in the database",
      "attribute 'b': nullable is true in the definition, false in the database",
      "attribute 'b': the default is null in the definition, 'x' in the database",
      "attribute 'c' is not in the database",
      "attribute 'd' is not in the database",
      "attribute 'a' is in the database and not in the definition",
      "foreign key (d) → lab.b (d) is not in the database",
      "foreign key (a) → lab.a (a) is in the database and not in the definition",
      "unique index (c) is not in the database",
    ]);
    const Adopted = again.define("manual", "T", other, refs({ B }), { adopt: true });
    expect([...(await Adopted.heading()).byName.keys()]).toEqual(["k", "b", "a"]);
  });

  it("must have its attributes and key in the same order", async () => {
    await using lab = await openLab();
    await lab.tables.define("manual", "T", "a : int8\nb : int8").heading();
    await expect(lab.again().define("manual", "T", "b : int8\na : int8").heading()).rejects.toThrow(
      /the order of the attributes is \(b, a\) in the definition, \(a, b\) in the database/,
    );
  });

  it("must have the same codec and store", async () => {
    await using lab = await openLab();
    await lab.tables.define("manual", "T", "k : int8\n---\nx : <blob@a>").heading();
    await expect(lab.again().define("manual", "T", "k : int8\n---\nx : <blob@b>").heading()).rejects.toThrow(
      "attribute 'x': the type is <blob@b> in the definition, <blob@a> in the database",
    );
  });

  it("R-417: gets its lineage where the schema keeps one and has no rows for it", async () => {
    await using lab = await openLab();
    const { catalog } = lab.database;
    await lab.tables.define("manual", "T", text).heading();
    await catalog.replaceLineage(lab.database, "lab", "t", []);
    const heading = await lab.again().define("manual", "T", text).heading();
    expect(heading.byName.get("k")?.lineage).toBe("lab.t.k");
    expect(await catalog.lineage(lab.database, "lab")).toHaveLength(1);
  });
});

describe("opening a table by name", () => {
  it("finds it by class name, table name and name without prefix", async () => {
    await using lab = await openLab();
    const Param = lab.tables.define("lookup", "ParamSet", "k : int8");
    lab.tables.definePart(Param, "Item", "-> master\nitem : int8");
    await lab.tables.declareAll();
    for (const name of ["ParamSet", "#param_set", "param_set"]) {
      expect(await lab.again().open(name)).toMatchObject({
        className: "ParamSet",
        tier: "lookup",
        tableName: "#param_set",
      });
    }
    const part = await lab.again().open("ParamSet.Item");
    expect(part).toMatchObject({ className: "ParamSet.Item", tier: "lookup", tableName: "#param_set__item" });
    expect(part.master).toMatchObject({ className: "ParamSet", tableName: "#param_set" });
    expect((await part.heading()).primaryKey).toEqual(["k", "item"]);
    expect(part.definition).toBeUndefined();
  });

  it("gives the table that was defined under the name, declared", async () => {
    await using lab = await openLab();
    const Table = lab.tables.define("manual", "T", text);
    expect(await lab.tables.open("T")).toBe(Table);
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).toEqual(["t"]);
  });

  it("says which tables there are when there is none of that name", async () => {
    await using lab = await openLab();
    await expect(lab.tables.open("Session")).rejects.toMatchObject({ code: "missing-table" });
    await lab.tables.define("manual", "Session", "session : int8").heading();
    await expect(lab.again().open("Sesion")).rejects.toMatchObject({ hint: "did you mean 'Session'?" });
    await expect(lab.again().open("Zzz")).rejects.toMatchObject({ hint: "tables: Session" });
    for (const hidden of ["~lineage", "~tables", "sqlite_schema"]) {
      await expect(lab.again().open(hidden)).rejects.toMatchObject({ code: "missing-table" });
    }
  });

  it("can be a parent of a new table", async () => {
    await using lab = await openLab();
    await lab.tables.define("manual", "Session", "session : int8").heading();
    const tables = lab.again({ codecs: [fakeCodec("blob", () => "bytes")] });
    const Session = await tables.open("Session");
    const Scan = tables.define("manual", "Scan", "-> Session\nscan : int8", refs({ Session }));
    expect((await Scan.heading()).byName.get("session")?.lineage).toBe("lab.session.session");
  });
});
