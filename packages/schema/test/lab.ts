import type { TableBinding } from "../src/context.ts";
import type { RuntimeQuery } from "../src/query/selection.ts";
import { openTestProject, type TestProject } from "./test-project.ts";

/** The sample data of the relational case list, section 8. */
export interface Lab extends TestProject {
  readonly Subject: RuntimeQuery;
  readonly Session: RuntimeQuery;
  readonly Trial: RuntimeQuery;
  readonly Visit: RuntimeQuery;
  readonly Pair: RuntimeQuery;
  readonly Other: RuntimeQuery;
}

export async function openLab(): Promise<Lab> {
  const project = await openTestProject();
  const lab = project.schema("lab");
  const queries = new Map<TableBinding, RuntimeQuery>();
  const define = (name: string, definition: string, references: Readonly<Record<string, RuntimeQuery>> = {}) => {
    const binding = lab.define("manual", name, definition, references);
    const query = project.query(binding);
    queries.set(binding, query);
    return { binding, query };
  };
  const subject = define(
    "Subject",
    `subject_id : int32
    ---
    name : varchar(20)
    sex : enum('M','F')
    dob = null : date
    meta = null : json`,
  );
  const session = define(
    "Session",
    `-> Subject
    session : int16
    ---
    rig = '' : varchar(10)
    score = null : float64`,
    { Subject: subject.query },
  );
  const trial = define("Trial", "-> Session\ntrial : int16\n---\nrt : float32", { Session: session.query });
  const visit = define("Visit", "visit : int32\n---\n-> [nullable] Subject", { Subject: subject.query });
  const pair = define("Pair", "-> Subject.proj(src='subject_id')\n-> Subject.proj(dst='subject_id')", {
    Subject: subject.query,
  });
  const other = define("Other", "oid : int32\n---\nname : varchar(20)");
  await project.insert(subject.binding, [
    { subject_id: 1, name: "Ann", sex: "F", dob: "2020-01-02", meta: { a: 1, b: { c: "x" } } },
    { subject_id: 2, name: "Bob", sex: "M" },
    { subject_id: 3, name: "Cy", sex: "M", dob: "2021-05-06", meta: { a: 2 } },
    { subject_id: 4, name: "O'Neil", sex: "F" },
  ]);
  await project.insert(session.binding, [
    { subject_id: 1, session: 1, rig: "r1", score: 0.5 },
    { subject_id: 1, session: 2, rig: "r2", score: null },
    { subject_id: 2, session: 1, rig: "r1", score: 2 },
    { subject_id: 3, session: 1, rig: "r2", score: 1 },
  ]);
  await project.insert(trial.binding, [
    { subject_id: 1, session: 1, trial: 1, rt: 0.25 },
    { subject_id: 1, session: 1, trial: 2, rt: 0.5 },
    { subject_id: 2, session: 1, trial: 1, rt: 1 },
  ]);
  await project.insert(visit.binding, [
    { visit: 1, subject_id: 1 },
    { visit: 2, subject_id: null },
    { visit: 3, subject_id: 3 },
  ]);
  await project.insert(pair.binding, [
    { src: 1, dst: 2 },
    { src: 2, dst: 3 },
  ]);
  await project.insert(other.binding, [{ oid: 1, name: "Ann" }]);
  return {
    ...project,
    Subject: subject.query,
    Session: session.query,
    Trial: trial.query,
    Visit: visit.query,
    Pair: pair.query,
    Other: other.query,
  };
}
