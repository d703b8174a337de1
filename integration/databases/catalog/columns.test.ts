import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backend } from "../../../packages/schema/test/database/provided.ts";
import { type DatabaseLab, openDatabaseLab } from "../lab/database-lab.ts";
import { columnLine, readTable } from "./catalog-table.ts";
import { nativeOf } from "./natives.ts";

// One attribute in a server's own catalog (relational cases, section 3).

type Column = readonly [id: string, line: string, core: string, rest: string];

/** The core type whose native type the column has, and the rest of its clause as both servers store it. */
const columns: readonly Column[] = [
  ["R-035", "a : int8", "int8", "not null # :int8:"],
  ["R-036", "a : int16", "int16", "not null # :int16:"],
  ["R-037", "a : int32", "int32", "not null # :int32:"],
  ["R-038", "a : int64", "int64", "not null # :int64:"],
  ["R-039", "a : float32", "float32", "not null # :float32:"],
  ["R-040", "a : float64", "float64", "not null # :float64:"],
  ["R-041", "a : bool", "bool", "not null # :bool:"],
  ["R-042", "a : uuid", "uuid", "not null # :uuid:"],
  ["R-043", "a : json", "json", "not null # :json:"],
  ["R-044", "a : bytes", "bytes", "not null # :bytes:"],
  ["R-045", "a : date", "date", "not null # :date:"],
  ["R-046", "a : datetime", "datetime", "not null # :datetime:"],
  ["R-047", "a : datetime(6)", "datetime(6)", "not null # :datetime(6):"],
  ["R-048", "a : char(4)", "char(4)", "not null # :char(4):"],
  ["R-049", "a : varchar(255)", "varchar(255)", "not null # :varchar(255):"],
  ["R-050", "a : decimal(8,3)", "decimal(8,3)", "not null # :decimal(8,3):"],
  ["R-051", "a : decimal(20, 0)", "decimal(20, 0)", "not null # :decimal(20, 0):"],
  ["R-052", "a : enum('x','y')", "enum('x','y')", "not null # :enum('x','y'):"],
  ["R-053", "a : enum('y','x')", "enum('y','x')", "not null # :enum('y','x'):"],
  ["R-054", "a = null : int32", "int32", "# :int32:"],
  ["R-055", "a = NULL : varchar(20)  # optional", "varchar(20)", "# :varchar(20):optional"],
  ["R-056", "a = 5 : int32", "int32", "not null = 5 # :int32:"],
  ["R-057", "a = -1.5 : float64", "float64", "not null = -1.5 # :float64:"],
  ["R-058", "a = '' : varchar(10)", "varchar(10)", "not null =  # :varchar(10):"],
  ["R-059", 'a = "" : varchar(10)', "varchar(10)", "not null =  # :varchar(10):"],
  ["R-060", 'a = "it\'s" : varchar(10)', "varchar(10)", "not null = it's # :varchar(10):"],
  ["R-061", "a = 'it''s' : varchar(10)", "varchar(10)", "not null = it's # :varchar(10):"],
  ["R-062", "a = abc : varchar(10)", "varchar(10)", "not null = abc # :varchar(10):"],
  ["R-063", "a = CURRENT_TIMESTAMP : datetime", "datetime", "not null = CURRENT_TIMESTAMP # :datetime:"],
  ["R-064", "a = CURRENT_TIMESTAMP(3) : datetime(3)", "datetime(3)", "not null = CURRENT_TIMESTAMP(3) # :datetime(3):"],
  ["R-065", "a = 'x' : enum('x','y')", "enum('x','y')", "not null = x # :enum('x','y'):"],
  ["R-066", "a = 1 : bool", "bool", `not null = ${backend === "mysql" ? "1" : "true"} # :bool:`],
  ["R-067", "a : int32  # first # second", "int32", "not null # :int32:first # second"],
  ["R-068", "a : int32#tight", "int32", "not null # :int32:tight"],
  ["R-069", 'a : int32  # it\'s a "test"', "int32", 'not null # :int32:it\'s a "test"'],
  ["R-070", "a : <blob>", "bytes", "not null # :<blob>:"],
  ["R-071", "a : <blob@>", "json", "not null # :<blob@>:"],
  ["R-072", "a : <blob@cold>", "json", "not null # :<blob@cold>:"],
  ["R-073", "a : <attach>", "bytes", "not null # :<attach>:"],
  ["R-074", "a : <attach@cold>", "json", "not null # :<attach@cold>:"],
  ["R-075", "a : <hash@>", "json", "not null # :<hash@>:"],
  ["R-076", "a : <object@main>", "json", "not null # :<object@main>:"],
  ["R-077", "a : <npy@>", "json", "not null # :<npy@>:"],
  ["R-078", "a : <filepath@raw>", "json", "not null # :<filepath@raw>:"],
  ["R-079", "a = null : <blob@cold>  # raw data", "json", "# :<blob@cold>:raw data"],
];

/** Of native types: what MySQL stores, and PostgreSQL, which does not know all of them. They carry no marker. */
const natives: readonly (readonly [id: string, type: string, mysql: string, postgresql: string | undefined])[] = [
  ["R-080", "int", "int", "integer"],
  ["R-081", "smallint unsigned", "smallint unsigned", undefined],
  ["R-082", "text", "text", "text"],
  ["R-083", "double", "double", undefined],
  ["R-084", "timestamp", "timestamp", "timestamp without time zone"],
];

/** PostgreSQL: one enum type per column, named after it, so that dropping one takes no other along. */
const enumType = (table: string): string =>
  `lab.enum_${createHash("md5").update(`${table}.a`).digest("hex").slice(0, 8)}`;

const orders: readonly (readonly [id: string, order: string])[] = [
  ["R-052", "xy"],
  ["R-053", "yx"],
  ["R-065", "xy"],
];

const tableOf = (id: string): string => `t${id.slice(2)}`;

describe("one attribute in the server's catalog", () => {
  let lab: DatabaseLab;
  beforeAll(async () => {
    lab = await openDatabaseLab();
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  async function declared(id: string, line: string): Promise<string> {
    const definition: string = `k : int8\n---\n${line}`;
    await lab.project
      .schema("lab")
      .manual(`T${id.slice(2)}`, definition)
      .heading();
    const table = await readTable(lab.raw, "lab", tableOf(id));
    expect(table).toMatchObject({ comment: "", primaryKey: "k", foreignKeys: [], unique: [], plain: [] });
    const [k, a, ...more] = table?.columns ?? [];
    expect([k?.name, more.length]).toEqual(["k", 0]);
    return a === undefined ? "none" : columnLine(a);
  }

  it.each(columns)("%s: `%s`", async (id, line, core, rest) => {
    const ownType = core.startsWith("enum") && backend === "postgresql";
    const type = ownType ? enumType(tableOf(id)) : nativeOf(core);
    expect(await declared(id, line)).toBe(`a ${type} ${rest}`);
  });

  it.each(backend === "postgresql" ? orders : [])(
    "%s: the enum type lies in the schema of its table and has its values in the order written",
    async (id, order) => {
      const values = await lab.raw.query(
        `select string_agg(e.enumlabel, '' order by e.enumsortorder) as labels from pg_enum e
         join pg_type t on t.oid = e.enumtypid join pg_namespace n on n.oid = t.typnamespace
       where n.nspname || '.' || t.typname = $1`,
        [enumType(tableOf(id))],
      );
      expect(values).toEqual([{ labels: order }]);
    },
  );

  it.each(natives.filter((native) => backend === "mysql" || native[3] !== undefined))(
    "%s: `a : %s`, the database's own type",
    async (id, type, mysql, postgresql) => {
      expect(await declared(id, `a : ${type}`)).toBe(`a ${backend === "mysql" ? mysql : postgresql} not null`);
    },
  );

  it.each(natives.filter((native) => backend === "postgresql" && native[3] === undefined))(
    "%s: `a : %s` is unknown to this database, which leaves nothing behind",
    async (id, type) => {
      await expect(declared(id, `a : ${type}`)).rejects.toMatchObject({ name: "QueryError" });
      expect(await readTable(lab.raw, "lab", tableOf(id))).toBeUndefined();
    },
  );
});
