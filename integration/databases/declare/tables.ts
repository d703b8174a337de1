import type { Project, Schema } from "@mortise/schema";

/** Tables with all that declaring has to write: enums, foreign keys, parts, a second schema, the contents of a lookup. */
export function defineTables(project: Project<unknown>): readonly [Schema<unknown>, Schema<unknown>] {
  const lab = project.schema("lab");
  const far = project.schema("far");
  const Rig = lab.lookup("Rig", "rig : varchar(9)\n---\nkind = 'new' : enum('old','new')", undefined, {
    contents: [{ rig: "a" }, { rig: "b", kind: "old" }],
  });
  const Subject = lab.manual("Subject", "# who\nsubject_id : int32\n---\nsex : enum('M','F')\nunique index (sex)");
  const Session = lab.manual("Session", "-> Subject\nday : date\n---\n-> [nullable] Rig\nfile = null : <object@>", {
    Subject,
    Rig,
  });
  Session.part("Trial", "-> master\ntrial : int16");
  far.manual("Note", "-> Session\n---\nnote = '' : varchar(20)", { Session });
  far.manual("Setting", "---\nvalue : int8");
  return [lab, far];
}

/** What `~lineage` must say of them. */
export const lineage: Readonly<Record<string, readonly string[]>> = {
  lab: [
    "#rig.rig = lab.#rig.rig",
    "session.day = lab.session.day",
    "session.rig = lab.#rig.rig",
    "session.subject_id = lab.subject.subject_id",
    "session__trial.day = lab.session.day",
    "session__trial.subject_id = lab.subject.subject_id",
    "session__trial.trial = lab.session__trial.trial",
    "subject.subject_id = lab.subject.subject_id",
  ],
  far: [
    "note.day = lab.session.day",
    "note.subject_id = lab.subject.subject_id",
    "setting._singleton = far.setting._singleton",
  ],
};
