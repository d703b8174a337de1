import { isAutoIncrement } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { constant, openLab, refs } from "../../test/declare-lab.ts";

describe("references", () => {
  it.each([
    ["R-115", "k : int8\n---\n-> [nullable] Nope", 3],
    ["R-116", "x:int8\n---\n-> Nope", 3],
  ])("%s: refuses a table that was not passed, before any I/O", async (_id, text, line) => {
    await using lab = await openLab();
    expect(() => lab.tables.define("manual", "T", text)).toThrow(
      expect.objectContaining({
        code: "unknown-reference",
        line,
        column: 1,
        table: "T",
        hint: "pass the table in the third argument: { Nope }",
      }),
    );
  });

  it("guesses what a misspelled reference means", async () => {
    await using lab = await openLab();
    const Session = lab.tables.define("manual", "Session", "session : int8");
    expect(() => lab.tables.define("manual", "T", "-> Sesion", refs({ Session }))).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/did you mean 'Session'/) }),
    );
  });

  it("refuses what is no table, and names inherited from Object", async () => {
    await using lab = await openLab();
    expect(() => lab.tables.define("manual", "T", "-> X", { X: undefined })).toThrow(/defined above/);
    expect(() => lab.tables.define("manual", "T", "-> X", { X: 5 })).toThrow(/no table but number/);
    expect(() => lab.tables.define("manual", "T", "-> toString")).toThrow(
      expect.objectContaining({ code: "unknown-reference" }),
    );
  });

  it("take the number that a database gave to a row, and give none themselves", async () => {
    await using lab = await openLab();
    const define = (tables: typeof lab.tables) => {
      const Parent = tables.define("manual", "Parent", "id : serial");
      return tables.define("manual", "Child", "-> Parent", refs({ Parent }));
    };
    const { columns } = await define(lab.tables).spec();
    expect(columns.map((column) => isAutoIncrement(column.type))).toEqual([false]);
    await expect(define(lab.again()).heading()).resolves.toMatchObject({ primaryKey: ["id"] });
  });

  it("refuses a table of another project", async () => {
    await using lab = await openLab();
    await using other = await openLab();
    const Session = other.tables.define("manual", "Session", "session : int8");
    expect(() => lab.tables.define("manual", "T", "-> Session", refs({ Session }))).toThrow(
      /Session belongs to another open project/,
    );
  });

  it("takes a part under the name it has in the definition", async () => {
    await using lab = await openLab();
    const Session = lab.tables.define("manual", "Session", "session : int8");
    const Trial = lab.tables.definePart(Session, "Trial", "-> master\ntrial : int8");
    const Event = lab.tables.define("manual", "Event", "-> Session.Trial\nevent : int8", {
      "Session.Trial": constant(Trial),
    });
    expect((await Event.spec()).primaryKey).toEqual(["session", "trial", "event"]);
  });

  it("lets a part name its master by class, and refuses one that does not", async () => {
    await using lab = await openLab();
    const Session = lab.tables.define("manual", "Session", "session : int8");
    const Trial = lab.tables.definePart(Session, "Trial", "-> Session\ntrial : int8");
    expect((await Trial.spec()).primaryKey).toEqual(["session", "trial"]);
    for (const text of ["trial : int8", "trial : int8\n---\n-> master"]) {
      expect(() => lab.tables.definePart(Session, "Lost", text)).toThrow(/must refer to its master Session in its key/);
    }
    expect(() => lab.tables.definePart(Trial, "Deep", "-> master")).toThrow(/can't have parts/);
  });

  it("refuses a table that refers to itself", async () => {
    await using lab = await openLab();
    const Node = lab.tables.define("manual", "Node", "node : int8");
    const text = "node : int8\n---\n-> Node.proj(parent='node')";
    expect(() => lab.tables.define("manual", "Node", text, refs({ Node }))).toThrow(/can't refer to itself/);
  });

  it.each([
    ["-> Subject.proj(a='nope')", "'nope' is not in the key of Subject"],
    ["-> Subject.proj(a='name')", "'name' is not in the key of Subject"],
    ["-> Subject.proj(a='subject_id', b='subject_id')", "renamed twice"],
    ["-> Pair.proj(x='src', y='dst')\n-> Pair.proj(x='dst')\nsrc : int8", "'src' is int8 here"],
    ["-> Pair.proj(dst='src')", "two attributes of Pair become 'dst'"],
    ["subject_id : int8\n---\n-> Subject", "'subject_id' is int32 in Subject, but int8 here"],
    ["-> Setup", "Setup has no key to refer to"],
  ])("refuses %j: %s", async (text, message) => {
    await using lab = await openLab();
    const { tables } = lab;
    const Subject = tables.define("manual", "Subject", "subject_id : int32\n---\nname : varchar(9)");
    const pair = "-> Subject.proj(src='subject_id')\n-> Subject.proj(dst='subject_id')";
    const Pair = tables.define("manual", "Pair", pair, refs({ Subject }));
    const Setup = tables.define("manual", "Setup", "---\nversion : int8");
    const Table = tables.define("manual", "T", text, refs({ Subject, Pair, Setup }));
    await expect(Table.heading()).rejects.toThrow(message);
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).not.toContain("t");
  });

  it("refuses an index of an attribute that is not there", async () => {
    await using lab = await openLab();
    const error = expect.objectContaining({ code: "invalid-index", line: 4, hint: "did you mean 'value'?" });
    const define = (text: string, parents = {}) => lab.tables.define("manual", "T", text, refs(parents));
    expect(() => define("k : int8\n---\nvalue : int8\nindex (valu)")).toThrow(error);
    const Parent = lab.tables.define("manual", "Parent", "p : int8");
    // What a foreign key brings is known only when its parent has been read.
    await expect(define("-> Parent\n---\nvalue : int8\nindex (valu)", { Parent }).heading()).rejects.toEqual(error);
    await expect(define("-> Parent\n---\nvalue : int8\nindex (p)", { Parent }).heading()).resolves.toBeDefined();
  });

  it("refuses own attributes in the key of computed and imported tables", async () => {
    await using lab = await openLab();
    const Session = lab.tables.define("manual", "Session", "session : int8");
    for (const tier of ["computed", "imported"] as const) {
      const Table = lab.tables.define(tier, "T", "-> Session\nown : int8", refs({ Session }));
      await expect(Table.heading()).rejects.toMatchObject({ code: "invalid-key", line: 2 });
    }
    const Reused = lab.tables.define("computed", "Reused", "session : int8\n-> Session", refs({ Session }));
    await expect(Reused.heading()).resolves.toBeDefined();
    const Part = lab.tables.definePart(Reused, "Item", "-> master\nitem : int8");
    await expect(Part.heading()).resolves.toBeDefined();
  });
});
