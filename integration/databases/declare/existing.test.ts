import { silentLogger } from "@mortise/core";
import { createConfig } from "@mortise/core/config";
import { openProject, type Project } from "@mortise/schema";
import { describe, expect, it } from "vitest";
import { onBackend } from "../../../packages/schema/test/database/provided.ts";
import { type DatabaseLab, openDatabaseLab } from "../lab/database-lab.ts";

const subject = "subject_id : int32\n---\nname = '' : varchar(20)" as string;

const session: string = "-> Subject\nsession : int16";

/** `lab.table` as the database under test writes it by hand. */
function named(table: string): string {
  return onBackend({ sqlite: `"lab.${table}"`, mysql: `lab.\`${table}\``, postgresql: `lab."${table}"` });
}

/** A program with settings of its own, closed at the end of the scope. */
async function openWith(lab: DatabaseLab, settings: Readonly<Record<string, unknown>>): Promise<Project<unknown>> {
  const { place } = lab;
  const plugins = [place.plugin];
  const config = createConfig({ plugins, directory: lab.folder, options: place.settings }).with(settings);
  return (await openProject({ plugins, config, logger: silentLogger })) as Project<unknown>;
}

describe("declaring in a schema that others have made", () => {
  it("writes the lineage of every table where the schema had none, so that all stay joinable", async () => {
    await using lab = await openDatabaseLab();
    const first = lab.project.schema("lab");
    const Subject = first.manual("Subject", subject);
    const Session = first.manual("Session", session, { Subject });
    await Subject.insertOne({ subject_id: 1 });
    await Session.insertOne({ subject_id: 1, session: 1 });
    await lab.raw.query(`drop table ${named("~lineage")}`);

    const again = (await lab.again()).schema("lab");
    const Old = again.manual("Subject", subject);
    // A table that is there changes nothing: its rows alone would keep it from being joined with the others.
    expect((await Old.heading()).hasLineage).toBe(false);
    await again.manual("Visit", "-> Subject\nvisit : int8", { Subject: Old }).heading();
    const tables = await (await lab.again()).schema("lab").tables();
    const sessions = tables.get("Session");
    expect(
      await tables
        .get("Subject")
        ?.join(sessions as never)
        .count(),
    ).toBe(1);
    expect((await sessions?.heading())?.byName.get("subject_id")?.lineage).toBe("lab.subject.subject_id");
  });

  it("repairs the lineage of a table that has lost it", async () => {
    await using lab = await openDatabaseLab();
    await lab.project.schema("lab").manual("Subject", subject).heading();
    await lab.raw.query(`delete from ${named("~lineage")} where table_name = 'subject'`);
    const Subject = (await lab.again()).schema("lab").manual("Subject", subject);
    expect((await Subject.heading()).byName.get("subject_id")?.lineage).toBe("lab.subject.subject_id");
  });

  it("begins again where a program ended in the middle", async () => {
    await using lab = await openDatabaseLab();
    const schema = lab.project.schema("lab");
    await schema.manual("Subject", subject).heading();
    // What a crash leaves on a database that commits each step: everything but the table.
    await lab.raw.query(`insert into ${named("~lineage")} values ('visit', 'old', 'lab.gone.old')`);
    const Visit = schema.manual("Visit", "visit : int8");
    expect((await Visit.heading()).byName.get("visit")?.lineage).toBe("lab.visit.visit");
    await using database = await lab.place.open();
    expect((await database.catalog.lineage(database, "lab"))?.map(({ attribute }) => attribute).sort()).toEqual([
      "subject_id",
      "visit",
    ]);
  });

  it("creates nothing where database.create_tables is false", async () => {
    await using lab = await openDatabaseLab();
    await lab.project.schema("lab").manual("Subject", subject).heading();
    await using project = await openWith(lab, { "database.create_tables": false });
    const schema = project.schema("lab");
    await expect(schema.manual("Visit", "visit : int8").heading()).rejects.toMatchObject({
      code: "missing-table",
    });
    await expect(project.schema("nowhere").manual("Visit", "visit : int8").count()).rejects.toMatchObject({
      code: "missing-table",
    });
    expect(await schema.manual("Subject", subject).count()).toBe(0);
    expect(await schema.tableNames()).toEqual(["subject"]);
  });

  it("needs no right to create what is there, and says so where it is not", async () => {
    await using lab = await openDatabaseLab();
    const schema = lab.project.schema("lab");
    await schema.manual("Subject", subject).insertOne({ subject_id: 1 });
    const user = `reader_${crypto.randomUUID().slice(0, 8)}`;
    const rights = onBackend({
      sqlite: [],
      mysql: [`create user ${user} identified by 'reader'`, `grant select on lab.* to ${user}`],
      postgresql: [
        `create role ${user} login password 'reader'`,
        `grant usage on schema lab to ${user}`,
        `grant select on all tables in schema lab to ${user}`,
      ],
    });
    for (const statement of rights) await lab.raw.query(statement);
    await lab.raw.query(`delete from ${named("~lineage")} where table_name = 'subject'`);
    try {
      // MySQL takes a password that it has not seen yet only where nobody else can read it.
      const use_tls = lab.place.server?.name.startsWith("mysql") === true;
      const login = { "database.user": user, "database.password": "reader", "database.use_tls": use_tls };
      await using project = await openWith(lab, login);
      const Subject = project.schema("lab").manual("Subject", subject);
      expect(await Subject.fetch()).toEqual([{ subject_id: 1, name: "" }]);
      await expect(Subject.insertOne({ subject_id: 2 })).rejects.toMatchObject({ code: "access" });
      for (const name of ["lab", "other"])
        await expect(project.schema(name).manual("Visit", "visit : int8").heading()).rejects.toMatchObject({
          code: "access",
        });
    } finally {
      const drop = onBackend({
        sqlite: [],
        mysql: [`drop user ${user}`],
        postgresql: [`drop owned by ${user}`, `drop role ${user}`],
      });
      for (const statement of drop) await lab.raw.query(statement);
    }
  });
});
