import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backend, onBackend, testServer } from "../../../packages/schema/test/database/provided.ts";
import { type DatabaseLab, openDatabaseLab } from "../lab/database-lab.ts";
import { columnLine, readTable } from "./catalog-table.ts";
import { expectedTables } from "./expected-tables.ts";
import { nativeOf } from "./natives.ts";
import { declareTables } from "./tables.ts";

// Whole tables and the lineage in a server's own catalog (relational cases, sections 5 and 6).

const lineageColumns = ["table_name", "attribute_name", "lineage"];
const describedLineage = onBackend({
  sqlite: [],
  mysql: ["table name within the schema", "attribute name", "origin: schema.table.attribute"],
  postgresql: ["", "", ""],
});

const wideKey = ["u", "e", "d", "t", "b", "c", "f"];

/** `table attribute origin` of every attribute of keys and foreign keys of section 5. */
const lineage = [
  "#setup _singleton lab.#setup._singleton",
  "#strain strain lab.#strain.strain",
  "__analysis session lab.session.session",
  "__analysis subject_id lab.subject.subject_id",
  "__analysis__unit session lab.session.session",
  "__analysis__unit strain lab.#strain.strain",
  "__analysis__unit subject_id lab.subject.subject_id",
  "__analysis__unit unit lab.__analysis__unit.unit",
  "_scan session lab.session.session",
  "_scan subject_id lab.subject.subject_id",
  "idx k lab.idx.k",
  "obj k lab.obj.k",
  "pair dst lab.subject.subject_id",
  "pair src lab.subject.subject_id",
  "reuse session lab.session.session",
  "reuse subject_id lab.subject.subject_id",
  "session session lab.session.session",
  "session subject_id lab.subject.subject_id",
  "subject subject_id lab.subject.subject_id",
  "visit buddy lab.subject.subject_id",
  "visit rival lab.subject.subject_id",
  "visit strain lab.#strain.strain",
  "visit subject_id lab.subject.subject_id",
  "visit visit lab.visit.visit",
  ...wideKey.map((column) => `wide ${column} lab.wide.${column}`),
  ...wideKey.map((column) => `wide_child ${column} lab.wide.${column}`),
];

describe("tables declared by Mortise in the server's catalog", () => {
  let lab: DatabaseLab;
  beforeAll(async () => {
    lab = await openDatabaseLab();
    await declareTables(lab.project);
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it.each(expectedTables)("%s: %s", async (_id, name, expected) => {
    const [schema = "", table = ""] = name.split(".");
    const found = await readTable(lab.raw, schema, table);
    const { plain, ...rest } = { ...found, columns: found?.columns.map(columnLine) };
    const none = { comment: "", foreignKeys: [], unique: [] };
    const { plain: indexes = [], foreignKeys = [], ...others } = expected;
    expect(rest).toEqual({ ...none, ...others, foreignKeys: foreignKeys.toSorted() });
    expect(plain).toEqual(expect.arrayContaining([...indexes]));
  });

  it("R-118: the contents of the lookup", async () => {
    const name = backend === "mysql" ? "`lab`.`#strain`" : `"lab"."#strain"`;
    expect(await lab.raw.query(`select strain, note from ${name} order by strain`)).toEqual([
      { strain: "b6", note: "x" },
      { strain: "sv", note: "" },
    ]);
  });

  it("R-131: an index of a JSON path or an expression is made as written, or the table is refused as a whole", async () => {
    const text: string = "k : int8\n---\nj : json\nd : date\nindex (j.x.y:char(20))\nindex ((year(d)))";
    const Paths = lab.project.schema("lab").manual("Paths", text);
    if (testServer()?.name.startsWith("mysql") !== true) {
      await expect(Paths.heading()).rejects.toThrow(/index/i);
      expect(await readTable(lab.raw, "lab", "paths")).toBeUndefined();
      return;
    }
    await Paths.heading();
    const indexes = await lab.raw.query(
      `select expression from information_schema.statistics
       where table_schema = 'lab' and table_name = 'paths' and index_name <> 'PRIMARY' order by 1`,
    );
    expect(indexes.map((row) => row["EXPRESSION"])).toEqual([
      "json_value(`j`, _utf8mb4\\'$.x.y\\' returning char(20))",
      "year(`d`)",
    ]);
  });

  it("R-132: the lineage table, hidden by its name", async () => {
    const table = await readTable(lab.raw, "lab", "~lineage");
    const lengths = [64, 64, 255];
    expect(table?.columns.map(columnLine)).toEqual(
      lineageColumns.map((name, index) => {
        const comment = describedLineage[index] ?? "";
        return `${name} ${nativeOf(`varchar(${lengths[index]})`)} not null${comment === "" ? "" : ` # ${comment}`}`;
      }),
    );
    expect(table?.primaryKey).toBe("table_name,attribute_name");
    expect(await lab.project.schema("lab").tableNames()).not.toContain("~lineage");
  });

  const quoted = backend === "mysql" ? "`lab`.`~lineage`" : `"lab"."~lineage"`;

  it("R-133: origins of the attributes of keys and foreign keys, and of no others", async () => {
    const rows = await lab.raw.query(`select ${lineageColumns.join(", ")} from ${quoted}`);
    const lines = rows.map((row) => lineageColumns.map((column) => String(row[column])).join(" "));
    expect(lines.filter((line) => !line.startsWith("paths ")).toSorted()).toEqual(lineage.toSorted());
  });

  it("R-134: declaring a table replaces whatever rows there are of its name", async () => {
    await lab.raw.query(
      `insert into ${quoted} (${lineageColumns.join(", ")})
       values ('zz', 'a', 'lab.old.a'), ('zz', 'gone', 'lab.zz.gone')`,
    );
    await lab.project.schema("lab").manual("Zz", "a : int8").heading();
    expect(await lab.raw.query(`select attribute_name, lineage from ${quoted} where table_name = 'zz'`)).toEqual([
      { attribute_name: "a", lineage: "lab.zz.a" },
    ]);
  });
});
