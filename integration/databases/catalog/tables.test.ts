import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backend, onBackend, testServer } from "../../../packages/schema/test/database/provided.ts";
import { type DatabaseLab, openDatabaseLab } from "../lab/database-lab.ts";
import { type CatalogTable, columnLine, readTable } from "./catalog-table.ts";
import { nativeOf } from "./natives.ts";
import { declareTables } from "./tables.ts";

// Whole tables in a server's own catalog (relational cases, section 5).

const restrict = "update CASCADE delete RESTRICT";
const toSubject = (column: string): string => `(${column}) → lab.subject(subject_id) ${restrict}`;
const toSession = `(subject_id,session) → lab.session(subject_id,session) ${restrict}`;
const toStrain = `(strain) → lab.#strain(strain) ${restrict}`;

const enumOf = (table: string, column: string, values: string): string => {
  const hash = createHash("md5").update(`${table}.${column}`).digest("hex").slice(0, 8);
  return backend === "postgresql" ? `lab.enum_${hash}` : `enum(${values})`;
};

const int32 = nativeOf("int32");
const int16 = nativeOf("int16");
const int8 = nativeOf("int8");
const name32 = nativeOf("varchar(32)");
const bool = nativeOf("bool");
const yes = onBackend({ sqlite: "1", mysql: "1", postgresql: "true" });

/** The columns of Wide's key; those of its child are copies. A uuid of PostgreSQL has its marker in the parent only. */
const wideKey = (child: boolean): string[] => [
  `u ${nativeOf("uuid")} not null${child && backend === "postgresql" ? "" : " # :uuid:"}`,
  `e ${enumOf("wide", "e", "'x','y'")} not null # :enum('x','y'):`,
  `d ${nativeOf("decimal(5,0)")} not null # :decimal(5,0):`,
  `t ${nativeOf("datetime(3)")} not null # :datetime(3):`,
  `b ${bool} not null # :bool:`,
  `c ${nativeOf("char(4)")} not null # :char(4):`,
  `f ${nativeOf("float64")} not null # :float64:`,
];
const wideNames = "u,e,d,t,b,c,f";

type Expected = Partial<Omit<CatalogTable, "columns">> & { readonly columns: readonly string[] };

/** `schema.table`, and what its catalog entry is; indexes that only serve foreign keys are every database's own. */
const tables: readonly (readonly [id: string, table: string, expected: Expected])[] = [
  [
    "R-117",
    "lab.subject",
    {
      comment: "Experimental subject",
      columns: [
        `subject_id ${int32} not null # :int32:unique id`,
        `name ${nativeOf("varchar(100)")} not null # :varchar(100):display name`,
        `sex ${enumOf("subject", "sex", "'M','F','U'")} not null = U # :enum('M','F','U'):`,
        `dob ${nativeOf("date")} # :date:`,
      ],
      primaryKey: "subject_id",
    },
  ],
  [
    "R-118",
    "lab.#strain",
    {
      columns: [
        `strain ${name32} not null # :varchar(32):`,
        `note ${nativeOf("varchar(20)")} not null =  # :varchar(20):`,
      ],
      primaryKey: "strain",
    },
  ],
  [
    "R-119",
    "lab.#setup",
    {
      comment: "Global settings",
      columns: [
        `_singleton ${bool} not null = ${yes} # :bool:singleton primary key`,
        `version ${int32} not null = 1 # :int32:`,
      ],
      primaryKey: "_singleton",
    },
  ],
  [
    "R-120",
    "lab.session",
    {
      columns: [
        `subject_id ${int32} not null # :int32:unique id`,
        `session ${int16} not null # :int16:`,
        `rig ${nativeOf("varchar(10)")} not null =  # :varchar(10):`,
        `score ${nativeOf("float64")} # :float64:`,
      ],
      primaryKey: "subject_id,session",
      foreignKeys: [toSubject("subject_id")],
    },
  ],
  [
    "R-121",
    "lab.visit",
    {
      columns: [
        `visit ${int32} not null # :int32:`,
        `subject_id ${int32} not null # :int32:unique id`,
        `strain ${name32} # :varchar(32):`,
        `buddy ${int32} not null # :int32:unique id`,
        `rival ${int32} # :int32:unique id`,
      ],
      primaryKey: "visit",
      foreignKeys: [toStrain, ...["buddy", "rival", "subject_id"].map(toSubject)],
      unique: ["buddy", "rival"],
      plain: ["strain", "subject_id"],
    },
  ],
  [
    "R-122",
    "lab.pair",
    {
      columns: [`src ${int32} not null # :int32:unique id`, `dst ${int32} not null # :int32:unique id`],
      primaryKey: "src,dst",
      foreignKeys: ["src", "dst"].map(toSubject),
      plain: ["dst"],
    },
  ],
  ["R-123", "lab.wide", { columns: wideKey(false), primaryKey: wideNames }],
  [
    "R-124",
    "lab.wide_child",
    {
      columns: [...wideKey(true), `val ${nativeOf("float32")} not null # :float32:`],
      primaryKey: wideNames,
      foreignKeys: [`(${wideNames}) → lab.wide(${wideNames}) ${restrict}`],
    },
  ],
  [
    "R-125",
    "lab.reuse",
    {
      columns: [`subject_id ${int32} not null # :int32:unique id`, `session ${int16} not null # :int16:`],
      primaryKey: "subject_id",
      foreignKeys: [toSession, toSubject("subject_id")],
      plain: ["subject_id,session"],
    },
  ],
  [
    "R-126",
    "lab.__analysis",
    {
      columns: [
        `subject_id ${int32} not null # :int32:unique id`,
        `session ${int16} not null # :int16:`,
        `val ${int32} not null # :int32:`,
      ],
      primaryKey: "subject_id,session",
      foreignKeys: [toSession],
    },
  ],
  [
    "R-126",
    "lab.__analysis__unit",
    {
      columns: [
        `subject_id ${int32} not null # :int32:unique id`,
        `session ${int16} not null # :int16:`,
        `unit ${int8} not null # :int8:`,
        `strain ${name32} not null # :varchar(32):`,
      ],
      primaryKey: "subject_id,session,unit",
      foreignKeys: [`(subject_id,session) → lab.__analysis(subject_id,session) ${restrict}`, toStrain],
      plain: ["strain"],
    },
  ],
  [
    "R-127",
    "lab._scan",
    {
      columns: [
        `subject_id ${int32} not null # :int32:unique id`,
        `session ${int16} not null # :int16:`,
        `n ${int32} not null # :int32:`,
      ],
      primaryKey: "subject_id,session",
      foreignKeys: [toSession],
    },
  ],
  [
    "R-128",
    "lab2.remote",
    {
      columns: [`subject_id ${int32} not null # :int32:unique id`, `strain ${name32} not null # :varchar(32):`],
      primaryKey: "subject_id",
      foreignKeys: [toSubject("subject_id"), toStrain],
      plain: ["strain"],
    },
  ],
  [
    "R-129",
    "lab.idx",
    {
      columns: [
        `k ${int8} not null # :int8:`,
        `a ${int8} not null # :int8:`,
        `b ${nativeOf("varchar(10)")} not null # :varchar(10):`,
      ],
      primaryKey: "k",
      unique: ["b"],
      plain: ["a", "a,b"],
    },
  ],
  [
    "R-130",
    "lab.obj",
    {
      columns: [
        `k ${int8} not null # :int8:`,
        `b ${nativeOf("bytes")} # :<blob>:`,
        `c ${nativeOf("json")} not null # :<blob@main>:traces`,
        `d ${nativeOf("json")} not null # :<npy@main>:`,
        `e ${nativeOf("json")} not null # :<object@>:`,
      ],
      primaryKey: "k",
    },
  ],
];

const lineageColumns = ["table_name", "attribute_name", "lineage"];
const describedLineage = onBackend({
  sqlite: [],
  mysql: ["table name within the schema", "attribute name", "origin: schema.table.attribute"],
  postgresql: ["", "", ""],
});

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
  ...[..."uedtbcf"].map((column) => `wide ${column} lab.wide.${column}`),
  ...[..."uedtbcf"].map((column) => `wide_child ${column} lab.wide.${column}`),
];

describe("tables declared by Mortise in the server's catalog", () => {
  let lab: DatabaseLab;
  beforeAll(async () => {
    lab = await openDatabaseLab();
    await declareTables(lab.project);
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it.each(tables)("%s: %s", async (_id, name, expected) => {
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
