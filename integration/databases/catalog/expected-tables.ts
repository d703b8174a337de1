import { createHash } from "node:crypto";
import { backend, onBackend } from "../../../packages/schema/test/database/provided.ts";
import type { CatalogTable } from "./catalog-table.ts";
import { nativeOf } from "./natives.ts";

// What a server's catalog must have of the tables of the relational cases, section 5.

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

/** An expectation; what it leaves out is empty, but for plain indexes. */
type Expected = Partial<Omit<CatalogTable, "columns">> & { readonly columns: readonly string[] };

/** `schema.table`, and what its catalog entry is; indexes that only serve foreign keys are every database's own. */
export const expectedTables: readonly (readonly [id: string, table: string, expected: Expected])[] = [
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
