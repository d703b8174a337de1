import { rm } from "node:fs/promises";
import { openProject } from "@mortise/schema";
import { expect } from "vitest";
import type { PythonValue } from "../client/values.ts";
import { plugins, type SharedLab } from "../environment/lab.ts";
import { onBothDatabases } from "../environment/scenarios.ts";

const subject = "subject : varchar(8)\n---\nstate = 'new' : enum('new', 'done')";
const session = "-> Subject\nsession : int16\n---\nstate = 'new' : enum('new', 'done')\nnote = '' : varchar(20)";
const trial = "-> master\ntrial : int16\n---\noutcome = null : enum('new', 'done')";
const review = "-> Session\n---\nby : varchar(8)\nresult = null : <blob@main>";
const texts: PythonValue = { subject, session, trial, review };

const declareInPython = `
  schema = dj.Schema(name)
  @schema
  class Subject(dj.Manual):
      definition = texts["subject"]
  @schema
  class Session(dj.Manual):
      definition = texts["session"]
      class Trial(dj.Part):
          definition = texts["trial"]
  @schema
  class Review(dj.Manual):
      definition = texts["review"]
`;

async function declareInMortise({ project }: SharedLab, name: string): Promise<void> {
  const schema = project.schema(name);
  const Subject = schema.manual("Subject", subject);
  const Session = schema.manual("Session", session, { Subject });
  Session.part("Trial", trial);
  schema.manual("Review", review, { Session });
  await schema.declare();
}

async function declare(lab: SharedLab, by: "Python" | "Mortise", schema: string): Promise<string> {
  const name = lab.name(schema);
  if (by === "Python") await lab.python.run(declareInPython, { name, texts });
  else await declareInMortise(lab, name);
  return name;
}

/** Two subjects with sessions, trials and reviews; Mortise fills one, Python the other. */
async function fill({ project, python }: SharedLab, name: string): Promise<void> {
  const schema = project.schema(name);
  await (await schema.table("Subject")).insertOne({ subject: "m" });
  await (await schema.table("Session")).insert([1, 2].map((n) => ({ subject: "m", session: n })));
  await (await schema.table("Session.Trial")).insert([1, 2].map((n) => ({ subject: "m", session: n, trial: 1 })));
  await (await schema.table("Review")).insertOne({ subject: "m", session: 1, by: "x", result: [1, 2] });
  await python.run(
    `
    lab = spawn(name)
    lab.Subject.insert1(dict(subject="p"))
    lab.Session.insert([dict(subject="p", session=n) for n in (1, 2)])
    lab.Session.Trial.insert([dict(subject="p", session=n, trial=1) for n in (1, 2)])
    lab.Review.insert1(dict(subject="p", session=1, by="y", result=[1, 2]))
    `,
    { name },
  );
}

const names = ["Subject", "Session", "Session.Trial", "Review"];
const counts = async ({ project }: SharedLab, name: string): Promise<number[]> =>
  await Promise.all(names.map(async (each) => await (await project.schema(name).table(each)).count()));
const countsInPython = (lab: SharedLab, name: string) =>
  lab.python.run(
    "lab = spawn(name); [len(each()) for each in (lab.Subject, lab.Session, lab.Session.Trial, lab.Review)]",
    {
      name,
    },
  );

onBothDatabases("delete and drop", ({ scenario }) => {
  for (const by of ["Python", "Mortise"] as const) {
    scenario(
      `delete in tables declared in ${by}: each language's delete takes the dependents and nothing else`,
      async (lab) => {
        const name = await declare(lab, by, `delete_${by.toLowerCase()}`);
        await fill(lab, name);
        const Subject = await lab.project.schema(name).table("Subject");
        const Trial = await lab.project.schema(name).table("Session.Trial");

        // A part without its master stays, for both.
        expect((await lab.python.fails("lab.Session.Trial.delete(prompt=False)")).bases).toContain("DataJointError");
        await expect(Trial.delete({ all: true })).rejects.toMatchObject({ name: "QueryError" });
        expect(await counts(lab, name)).toEqual([2, 4, 4, 2]);

        expect(await lab.python.run("(lab.Subject & dict(subject='m')).delete(prompt=False)")).toBe(1);
        expect(await counts(lab, name)).toEqual([1, 2, 2, 1]);
        const Session = await lab.project.schema(name).table("Session");
        expect(await Session.where({ session: 2 }).delete()).toBe(1);
        expect(await countsInPython(lab, name)).toEqual([1, 1, 1, 1]);
        expect(await Subject.where({ subject: "p" }).delete()).toBe(1);
        expect(await countsInPython(lab, name)).toEqual([0, 0, 0, 0]);
        expect(await lab.objects(`_hash/${name}`)).toHaveLength(1);
      },
    );

    scenario(`delete of a part with its master in tables declared in ${by}`, async (lab) => {
      const name = await declare(lab, by, `parts_${by.toLowerCase()}`);
      await fill(lab, name);
      await lab.python.run(
        "(lab.Session.Trial & dict(subject='m', session=1)).delete(prompt=False, part_integrity='cascade')",
      );
      expect(await counts(lab, name)).toEqual([2, 3, 3, 1]);
      const Trial = await lab.project.schema(name).table("Session.Trial");
      await Trial.where({ subject: "p", session: 1 }).delete({ parts: "cascade" });
      expect(await countsInPython(lab, name)).toEqual([2, 2, 2, 0]);
    });

    scenario(
      `drop by the other language in a schema declared in ${by}: origins and other tables stay right`,
      async (lab) => {
        const name = await declare(lab, by, `drop_${by.toLowerCase()}`);
        await fill(lab, name);
        if (by === "Mortise") await lab.python.run("lab.Review.drop(prompt=False)");
        else await (await lab.project.schema(name).table("Review")).drop();
        expect(await lab.project.schema(name).tableNames()).toEqual(["session", "session__trial", "subject"]);
        expect(await lab.python.run("tables(name)", { name })).toEqual(["subject", "session", "session__trial"]);
        expect(await lab.python.run("sorted(each for each in schema.lineage if '.review.' in each)", {})).toEqual([]);

        // The tables left have columns of equal enum types, also after one of them is dropped.
        const Trial = await lab.project.schema(name).table("Session.Trial");
        await lab.python.run(
          "lab = spawn(name); lab.Session.Trial.insert1(dict(subject='p', session=1, trial=2, outcome='new'))",
        );
        if (by === "Mortise") {
          await lab.python.run("lab.Session.drop(prompt=False)");
        } else {
          const Session = await lab.project.schema(name).table("Session");
          await Session.drop({ dependents: true });
        }
        expect(await lab.project.schema(name).tableNames()).toEqual(["subject"]);
        await expect(Trial.count()).rejects.toMatchObject({ code: "missing-table" });
      },
    );
  }

  scenario("drop of a table of Mortise in Python takes no enum column of another table with it", async (lab) => {
    const name = await declare(lab, "Mortise", "enums");
    await fill(lab, name);
    await lab.python.run("lab.Session.drop(prompt=False)");
    const Subject = await lab.project.schema(name).table("Subject");
    expect(await Subject.orderBy("subject").fetch()).toEqual([
      { subject: "m", state: "new" },
      { subject: "p", state: "new" },
    ]);
  });

  scenario("drop of a table of Python in Mortise leaves enum columns of other tables", async (lab) => {
    const name = await declare(lab, "Python", "kept");
    await fill(lab, name);
    await (await lab.project.schema(name).table("Session")).drop({ dependents: true });
    const state = "[each['state'] for each in rows(spawn(name).Subject)]";
    expect(await lab.python.run(state, { name })).toEqual(["new", "new"]);
    await lab.python.run("spawn(name).Subject.insert1(dict(subject='q', state='done'))", { name });
    const Subject = await lab.project.schema(name).table("Subject");
    expect(await Subject.where({ state: "done" }).count()).toBe(1);
  });

  scenario("hidden tables of Mortise are no tables for Python, and go with its schema", async (lab) => {
    const name = await declare(lab, "Mortise", "hidden");
    await fill(lab, name);
    const hidden = `
      sorted(row[0] for row in dj.conn().query(
          "select table_name from information_schema.tables where table_schema = %s", (name,)
      ) if row[0].startswith("~"))
    `;
    const own = ["~lineage", "~mortise_intent", "~mortise_ledger", "~mortise_meta"];
    expect(await lab.python.run(hidden, { name })).toEqual(own);
    expect(await lab.python.run("tables(name)")).toEqual(["subject", "session", "session__trial", "review"]);
    expect(await lab.python.run("sorted(each for each in vars(spawn(name)) if each[0].isupper())")).toEqual([
      "Review",
      "Session",
      "Subject",
    ]);
    expect(
      // The graph has every schema that the connection has seen.
      await lab.python.run("sorted(each.strip('\"`') for each in dj.Diagram(dj.Schema(name)).nodes() if name in each)"),
    ).toEqual(["review", "session", "session__trial", "subject"].map((each) => expect.stringMatching(`\\W${each}$`)));
    expect(await lab.project.schema(name).tableNames()).toEqual(["review", "session", "session__trial", "subject"]);

    await lab.python.run("dj.Schema(name).drop(prompt=False)");
    expect(await lab.python.run("name in dj.list_schemas()")).toBe(false);
    const Subject = await lab.project.schema(name).table("Subject");
    await expect(Subject.count()).rejects.toMatchObject({ code: "missing-table" });

    // A schema made again under the name is another one for the store, until someone says that the first is gone.
    await using project = await openProject({ directory: lab.folder, plugins });
    const again = { ...lab, project };
    await lab.python.run(declareInPython, { name, texts });
    await expect(fill(again, name)).rejects.toMatchObject({ code: "foreign-owner" });
    await lab.python.run("(dj.Schema(name).get_table('Subject')).delete(prompt=False)");
    await rm(lab.path("main", "_mortise", "owners", `${name}.json`));
    await fill(again, name);
    expect(await counts(again, name)).toEqual([2, 4, 4, 2]);
  });
});
