import { expect } from "vitest";
import type { PythonValue } from "../client/values.ts";
import type { SharedLab } from "../environment/lab.ts";
import { onBothDatabases } from "../environment/scenarios.ts";

const subject = `
  subject : varchar(8)   # as on the cage
  session : int16
  ---
  weight = null : decimal(5,2)
`;
const rig = "rig : char(4)\n---\nroom : varchar(20)";
const rigs = [
  { rig: "a1", room: "north" },
  { rig: "b2", room: "south" },
];
const visit = `
  -> Subject
  visit : int32
  ---
  -> [nullable] Rig
  -> [unique] Subject.proj(other='subject', other_session='session')
  -> [nullable, unique] Rig.proj(spare='rig')
`;
const trial = `
  -> master
  trial : int16
  ---
  score = 0 : float64
`;

/** Declares the parents, or their children, in Python. */
const parentsInPython = `
  schema = dj.Schema(name)
  @schema
  class Subject(dj.Manual):
      definition = texts["subject"]
  @schema
  class Rig(dj.Lookup):
      definition = texts["rig"]
      contents = texts["rigs"]
  @schema
  class Settings(dj.Manual):
      definition = "---\\nvalue : int32"
`;
const childrenInPython = `
  parents = spawn(parents_name)
  Subject, Rig = parents.Subject, parents.Rig
  schema = dj.Schema(name)
  @schema
  class Visit(dj.Manual):
      definition = texts["visit"]
      class Trial(dj.Part):
          definition = texts["trial"]
`;
const texts: PythonValue = { subject, rig, rigs, visit, trial };

async function parentsInMortise({ project }: SharedLab, name: string): Promise<void> {
  const schema = project.schema(name);
  schema.manual("Subject", subject);
  schema.lookup("Rig", rig, {}, { contents: rigs });
  schema.manual("Settings", "---\nvalue : int32");
  await schema.declare();
}

async function childrenInMortise({ project }: SharedLab, name: string, parents: string): Promise<void> {
  const Subject = await project.schema(parents).table("Subject");
  const Rig = await project.schema(parents).table("Rig");
  const schema = project.schema(name);
  const Visit = schema.manual("Visit", visit, { Subject, Rig });
  Visit.part("Trial", trial);
  await schema.declare();
}

/** Who declares the parents; the other one declares the children. */
type Parents = "Python" | "Mortise";

async function declareBoth(lab: SharedLab, parents: Parents): Promise<{ parents: string; children: string }> {
  const names = {
    parents: lab.name(`${parents.toLowerCase()}_parents`),
    children: lab.name(`${parents.toLowerCase()}_children`),
  };
  if (parents === "Python") {
    await lab.python.run(parentsInPython, { name: names.parents, texts });
    await childrenInMortise(lab, names.children, names.parents);
  } else {
    await parentsInMortise(lab, names.parents);
    await lab.python.run(childrenInPython, { name: names.children, parents_name: names.parents, texts });
  }
  return names;
}

const origins = (parents: string, children: string): PythonValue => [
  ["subject", true, false, `${parents}.subject.subject`],
  ["session", true, false, `${parents}.subject.session`],
  ["visit", true, false, `${children}.visit.visit`],
  ["rig", false, true, `${parents}.#rig.rig`],
  ["other", false, false, `${parents}.subject.subject`],
  ["other_session", false, false, `${parents}.subject.session`],
  ["spare", false, true, `${parents}.#rig.rig`],
];

onBothDatabases("foreign keys", ({ scenario }) => {
  for (const first of ["Python", "Mortise"] as const) {
    const second = first === "Python" ? "Mortise" : "Python";

    scenario(
      `parents declared in ${first}, children in ${second}: columns, origins, rows, joins, refusals`,
      async (lab) => {
        const { project, python } = lab;
        const { parents, children } = await declareBoth(lab, first);
        const Subject = await project.schema(parents).table("Subject");
        const Rig = await project.schema(parents).table("Rig");
        const Visit = await project.schema(children).table("Visit");
        const Trial = await project.schema(children).table("Visit.Trial");
        await python.run(
          `
        parents, children = spawn(parents_name), spawn(name)
        Subject, Rig, Visit = parents.Subject, parents.Rig, children.Visit
        `,
          { name: children, parents_name: parents },
        );

        const heading = await Visit.heading();
        const expected = origins(parents, children);
        expect(
          heading.attributes.map(({ name, inKey, nullable, lineage }) => [name, inKey, nullable, lineage]),
        ).toEqual(expected);
        const seen = "[[each['name'], each['key'], each['nullable'], each['lineage']] for each in columns(Visit)]";
        expect(await python.run(seen)).toEqual(expected);
        expect(await python.run("tables(name)")).toEqual(["visit", "visit__trial"]);
        expect(await project.schema(children).tableNames()).toEqual(["visit", "visit__trial"]);

        // Contents of a lookup are there for both, once.
        expect(await Rig.orderBy("rig").fetch()).toEqual(rigs);
        expect(await python.run("[{**each, 'rig': each['rig'].strip()} for each in rows(Rig)]")).toEqual(rigs);

        await Subject.insert([
          { subject: "m1", session: 1, weight: "20.50" },
          { subject: "m1", session: 2 },
        ]);
        await python.run("Subject.insert1(dict(subject='p1', session=1, weight=None))");
        const none = { rig: null, spare: null };
        await Visit.insert([
          { subject: "m1", session: 1, visit: 7, other: "p1", other_session: 1, rig: "a1", spare: null },
        ]);
        await Trial.insert([1, 2].map((n) => ({ subject: "m1", session: 1, visit: 7, trial: n, score: n / 2 })));
        await python.run(
          `
        Visit.insert1(dict(subject="p1", session=1, visit=8, other="m1", other_session=2, **none))
        Visit.Trial.insert1(dict(subject="p1", session=1, visit=8, trial=1, score=1.5))
        `,
          { none },
        );

        const pairs = [
          ["m1", 7, 1],
          ["m1", 7, 2],
          ["p1", 8, 1],
        ];
        const joined = await Subject.join(Visit).join(Trial).orderBy("subject", "trial").fetch();
        expect(joined.map((row) => [row["subject"], row["visit"], row["trial"]])).toEqual(pairs);
        const join = "(Subject * Visit * Visit.Trial).to_dicts(order_by='subject, trial')";
        expect(await python.run(`[[each["subject"], each["visit"], each["trial"]] for each in ${join}]`)).toEqual(
          pairs,
        );
        const withVisits = await Subject.where(Visit).orderBy("subject").fetch();
        expect(withVisits.map((row) => [row["subject"], row["session"]])).toEqual([
          ["m1", 1],
          ["p1", 1],
        ]);
        expect(await python.run("[[each['subject'], each['session']] for each in rows(Subject & Visit)]")).toEqual([
          ["m1", 1],
          ["p1", 1],
        ]);

        const orphan = { subject: "nobody", session: 9, visit: 1, other: "m1", other_session: 1, ...none };
        await expect(Visit.insertOne(orphan)).rejects.toMatchObject({ code: "integrity" });
        expect((await python.fails("Visit.insert1(orphan)", { orphan })).type).toBe("IntegrityError");
        const taken = { subject: "m1", session: 2, visit: 1, other: "p1", other_session: 1, ...none };
        await expect(Visit.insertOne(taken)).rejects.toMatchObject({ code: "duplicate" });
        expect((await python.fails("Visit.insert1(taken)", { taken })).type).toBe("DuplicateError");
        expect((await python.fails("Subject.delete_quick()")).bases).toContain("IntegrityError");
        expect(await Visit.count()).toBe(2);
      },
    );

    scenario(`a table without a key declared in ${first}: one row for both`, async (lab) => {
      const name = lab.name(`${first.toLowerCase()}_single`);
      if (first === "Python") await lab.python.run(parentsInPython, { name, texts });
      else await parentsInMortise(lab, name);
      const Settings = await lab.project.schema(name).table("Settings");
      const seen = await lab.python.run("Settings = spawn(name).Settings; columns(Settings)", { name });
      expect(seen).toMatchObject([{ name: "value", key: false }]);
      expect((await Settings.heading()).primaryKey).toEqual([]);

      await Settings.insertOne({ value: 5 });
      expect(await lab.python.run("Settings().to_dicts()")).toEqual([{ value: 5 }]);
      expect((await lab.python.fails("Settings.insert1(dict(value=6))")).type).toBe("DuplicateError");
      await Settings.delete({ all: true });
      await lab.python.run("Settings.insert1(dict(value=7))");
      expect(await Settings.fetchOne()).toEqual({ value: 7 });
      await expect(Settings.insertOne({ value: 8 })).rejects.toMatchObject({ code: "duplicate" });
    });
  }
});
