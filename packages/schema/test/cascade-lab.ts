import type { TableBinding } from "../src/context.ts";
import type { SchemaTables } from "../src/declare/index.ts";
import type { RuntimeQuery } from "../src/query/selection.ts";
import { openTestProject, type TestProject } from "./test-project.ts";

/** The tables and rows of the relational case list, section 14. */
export interface CascadeLab extends TestProject {
  readonly tables: Readonly<Record<string, RuntimeQuery>>;
  readonly bindings: Readonly<Record<string, TableBinding>>;
  /** Rows of every table by its name. */
  counts(): Promise<Readonly<Record<string, number>>>;
}

export async function openCascadeLab(): Promise<CascadeLab> {
  const project = await openTestProject();
  const bindings: Record<string, TableBinding> = {};
  const tables: Record<string, RuntimeQuery> = {};
  const keep = (name: string, binding: TableBinding): void => {
    bindings[name] = binding;
    tables[name] = project.query(binding);
  };
  const [lab, lab2] = [project.schema("lab"), project.schema("lab2")];
  const references = (): Readonly<Record<string, RuntimeQuery>> => {
    const chan = tables["Chan"];
    return chan === undefined ? tables : { ...tables, "Rec.Chan": chan };
  };
  const define = (name: string, definition: string, schema: SchemaTables = lab): void =>
    keep(name, schema.define("manual", name, definition, references()));
  define("Subject", "subject_id : int32\n---\nname : varchar(20)");
  define("Session", "-> Subject\nsession : int16\n---\nrig : varchar(10)");
  define("Rec", "-> Session\n---\nz : int32");
  const rec = bindings["Rec"] as TableBinding;
  keep("Chan", lab.definePart(rec, "Chan", "-> master\nch : int16\n---\nv : int32"));
  define("Down", "-> Rec.Chan\n---\nq : int32");
  define("Pair", "-> Subject.proj(a='subject_id')\n-> Subject.proj(b='subject_id')");
  define("Note", "k : int32\n---\n-> [nullable] Subject");
  define("Far", "-> Session", lab2);
  define("Tag", "-> Subject\nname : varchar(20)");

  const insert = async (name: string, rows: readonly Record<string, unknown>[]): Promise<void> =>
    project.insert(bindings[name] as TableBinding, rows);
  const subjects = [0, 1, 2, 3].map((subject_id) => ({ subject_id }));
  const sessions = subjects.flatMap((row) => [0, 1].map((session) => ({ ...row, session })));
  const channels = sessions.flatMap((row) => [0, 1].map((ch) => ({ ...row, ch })));
  await insert(
    "Subject",
    subjects.map((row) => ({ ...row, name: `n${row.subject_id}` })),
  );
  await insert(
    "Session",
    sessions.map((row) => ({ ...row, rig: `r${row.session}` })),
  );
  await insert(
    "Rec",
    sessions.map((row) => ({ ...row, z: 1 })),
  );
  await insert(
    "Chan",
    channels.map((row) => ({ ...row, v: 1 })),
  );
  await insert(
    "Down",
    channels.map((row) => ({ ...row, q: 1 })),
  );
  await insert("Pair", [
    { a: 0, b: 1 },
    { a: 1, b: 2 },
    { a: 2, b: 3 },
  ]);
  await insert("Note", [
    { k: 1, subject_id: 0 },
    { k: 2, subject_id: null },
  ]);
  await insert("Far", sessions);
  await (bindings["Tag"] as TableBinding).heading();
  return {
    ...project,
    tables,
    bindings,
    counts: async () => {
      const counts: Record<string, number> = {};
      for (const [name, table] of Object.entries(tables)) counts[name] = await table.count();
      return counts;
    },
  };
}
