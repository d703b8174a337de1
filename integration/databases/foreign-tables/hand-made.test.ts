import { describe, expect, it } from "vitest";
import { onBackend } from "../../../packages/schema/test/database/provided.ts";
import { openDatabaseLab } from "../lab/database-lab.ts";
import { execute } from "./execute.ts";
import { handMade } from "./hand-made.ts";

// Tables that no library has declared (relational cases, section 17).

async function openHandMade() {
  const lab = await openDatabaseLab();
  await execute(lab.raw, handMade);
  const schema = lab.project.schema("lab");
  return { ...lab, schema };
}

const subjects = [1, 2].map((subject_id) => ({ subject_id, name: `n${subject_id}` }));
const sessions = subjects.flatMap(({ subject_id }) => [1, 2].map((session) => ({ subject_id, session })));

describe("tables that were made by hand", () => {
  it("R-415: take rows, give them back, and are deleted from down all their foreign keys", async () => {
    await using lab = await openHandMade();
    expect([...(await lab.schema.tableNames())].toSorted()).toEqual(["session", "session__trial", "subject"]);
    const Subject = await lab.schema.table("Subject");
    const Session = await lab.schema.table("Session");
    const Trial = await lab.schema.table("Session.Trial");
    await Subject.insert(subjects);
    await Session.insert(sessions);
    await Trial.insert(sessions.map((row) => ({ ...row, trial: 1 })));
    expect(
      await Session.where(Subject.where({ name: "n2" }))
        .orderBy("KEY")
        .fetch(),
    ).toEqual([
      { subject_id: 2, session: 1, score: null },
      { subject_id: 2, session: 2, score: null },
    ]);
    expect(await Subject.where({ subject_id: 1 }).delete()).toBe(1);
    expect([await Subject.count(), await Session.count(), await Trial.count()]).toEqual([1, 2, 2]);
  });

  it("R-415: are parents of tables that Mortise declares", async () => {
    await using lab = await openHandMade();
    const Subject = await lab.schema.table("Subject");
    await Subject.insert(subjects);
    const definition: string = "-> Subject\n---\nnote : varchar(20)";
    const Note = lab.schema.manual("Note", definition, { Subject });
    await Note.insertOne({ subject_id: 1, note: "x" });
    await expect(Note.insertOne({ subject_id: 9, note: "x" })).rejects.toMatchObject({ code: "integrity" });
    expect(await Subject.where({ subject_id: 1 }).delete()).toBe(1);
    expect(await Note.count()).toBe(0);
  });

  it("R-416: without a lineage table, joins match by name alone", async () => {
    await using lab = await openHandMade();
    const Subject = await lab.schema.table("Subject");
    const Session = await lab.schema.table("Session");
    await Subject.insert(subjects);
    await Session.insert(sessions);
    expect((await Subject.heading()).hasLineage).toBe(false);
    expect(await Subject.join(Session).count()).toBe(4);
  });

  it("R-417: the first table that Mortise declares in their schema gives all of them their lineage", async () => {
    await using lab = await openHandMade();
    await (await lab.schema.table("Subject")).insert(subjects);
    await (await lab.schema.table("Session")).insert(sessions);
    await lab.schema.manual("Later", "later : int8").heading();
    const later = (await lab.again()).schema("lab");
    const Session = await later.table("Session");
    expect((await Session.heading()).byName.get("subject_id")?.lineage).toBe("lab.subject.subject_id");
    expect(await (await later.table("Subject")).join(Session).count()).toBe(4);
  });

  it("R-417: where another program keeps a lineage that leaves them out, they match nothing", async () => {
    await using lab = await openHandMade();
    const name = onBackend({ sqlite: "", mysql: "`lab`.`~lineage`", postgresql: 'lab."~lineage"' });
    await execute(lab.raw, [
      `create table ${name} (table_name varchar(64) not null, attribute_name varchar(64) not null,
         lineage varchar(255) not null, primary key (table_name, attribute_name))`,
      `insert into ${name} values ('later', 'later', 'lab.later.later')`,
    ]);
    const Subject = await lab.schema.table("Subject");
    const Session = await lab.schema.table("Session");
    for (const query of [Subject.join(Session), Subject.where(Session)])
      await expect(query.count()).rejects.toMatchObject({ name: "QueryError", code: "invalid-query" });
    // What needs no match goes on.
    expect(await Subject.where({ subject_id: 1 }).count()).toBe(0);
  });

  it("R-423: hidden columns are left alone on any table, parts included", async () => {
    await using lab = await openHandMade();
    const time = onBackend({ sqlite: "text", mysql: "datetime(3)", postgresql: "timestamp" });
    const table = onBackend({ sqlite: "", mysql: "`lab`.`_im__pt`", postgresql: 'lab."_im__pt"' });
    const master = onBackend({ sqlite: "", mysql: "`lab`.`_im`", postgresql: 'lab."_im"' });
    const hidden = `_job_start_time ${time} default null, _job_duration float default null,
      _job_version varchar(64) default ''`;
    await execute(lab.raw, [
      `create table ${master} (id int not null primary key, ${hidden})`,
      `create table ${table} (id int not null, n int not null, ${hidden}, primary key (id, n),
        foreign key (id) references ${master} (id) on update cascade on delete restrict)`,
    ]);
    const Im = await lab.schema.table("Im");
    const Part = await lab.schema.table("Im.Pt");
    await Im.insertOne({ id: 1 }, { allowDirectInsert: true });
    await Part.insertOne({ id: 1, n: 2 }, { allowDirectInsert: true });
    expect(await Part.fetch()).toEqual([{ id: 1, n: 2 }]);
    const rows = await lab.raw.query(`select _job_start_time, _job_duration, _job_version from ${table}`);
    expect(rows).toEqual([{ _job_start_time: null, _job_duration: null, _job_version: "" }]);
  });
});
