import { createConfig } from "@mortise/core/config";
import { openProject, type Project } from "@mortise/schema";
import { describe, expect, it } from "vitest";
import { onBackend } from "../../../packages/schema/test/database/provided.ts";
import { execute } from "../foreign-tables/execute.ts";
import { type DatabaseLab, openDatabaseLab } from "../lab/database-lab.ts";

/** A schema as nobody would declare it: no key, no class name, foreign keys to other columns, odd columns. */
const statements = onBackend<readonly string[]>({
  sqlite: [],
  mysql: [
    "create database lab",
    "create table lab.parent (id int not null primary key, code varchar(9) not null unique) engine=InnoDB",
    "create table lab.loose (a int not null comment 'first', b varchar(9) default 'x') engine=InnoDB",
    "create table lab.Abc (id int primary key) engine=InnoDB",
    "create table lab.a__b__c (id int primary key) engine=InnoDB",
    "create table lab.lost__part (id int primary key) engine=InnoDB",
    `create table lab.odd (note text, \`Big\` int, id int not null primary key, up int, code varchar(9) not null,
      wild json not null comment ':<nowhere@main>:', made int generated always as (id + 1) virtual,
      foreign key (up) references lab.odd (id), foreign key (code) references lab.parent (code)) engine=InnoDB`,
  ],
  postgresql: [
    "create schema lab",
    "create table lab.parent (id integer primary key, code varchar(9) not null unique)",
    "create table lab.loose (a integer not null, b varchar(9) default 'x')",
    "comment on column lab.loose.a is 'first'",
    'create table lab."Abc" (id integer primary key)',
    "create table lab.a__b__c (id integer primary key)",
    "create table lab.lost__part (id integer primary key)",
    `create table lab.odd (note text, "Big" integer, id integer primary key, up integer references lab.odd (id),
      code varchar(9) not null references lab.parent (code), wild jsonb not null,
      made integer generated always as (id + 1) stored)`,
    "comment on column lab.odd.wild is ':<nowhere@main>:'",
  ],
});

interface OddLab extends DatabaseLab {
  readonly odd: Project<unknown>;
  /** Tables that the logger was told of. */
  readonly ignored: readonly unknown[];
}

async function openOddLab(): Promise<OddLab> {
  const lab = await openDatabaseLab();
  await execute(lab.raw, statements);
  const ignored: unknown[] = [];
  const plugins = [lab.place.plugin];
  const config = createConfig({ plugins, directory: lab.folder, options: lab.place.settings });
  const logger = {
    debug: (event: string, fields: Readonly<Record<string, unknown>> = {}) =>
      event === "table.ignored" && ignored.push(fields["table"]),
    warn: () => undefined,
  };
  const odd = (await openProject({ plugins, config, logger })) as Project<unknown>;
  const close = lab[Symbol.asyncDispose];
  return {
    ...lab,
    odd,
    ignored,
    async [Symbol.asyncDispose]() {
      await odd.close();
      await close();
    },
  };
}

describe("tables that no definition could have made", () => {
  it("are there under the names that classes can have, the others are told to the log", async () => {
    await using lab = await openOddLab();
    const tables = await lab.odd.schema("lab").tables();
    expect([...tables.keys()].sort()).toEqual(["Loose", "Lost.Part", "Odd", "Parent"]);
    expect([...lab.ignored].map(String).sort()).toEqual(["Abc", "a__b__c"]);
    expect([...tables.keys()].indexOf("Parent")).toBeLessThan([...tables.keys()].indexOf("Odd"));
  });

  it("can be read and filled without a key, and nothing is changed that can't be told apart", async () => {
    await using lab = await openOddLab();
    const loose = await lab.odd.schema("lab").table("Loose");
    await loose.insert([{ a: 1 }, { a: 1 }, { a: 2, b: null }]);
    expect(await loose.where({ a: 1 }).count()).toBe(2);
    expect(await loose.orderBy("a").fetch()).toHaveLength(3);
    for (const change of [
      () => loose.where({ a: 1 }).delete(),
      () => loose.delete({ all: true }),
      () => loose.updateOne({ a: 3 }),
      () => loose.insert([{ a: 1 }], { skipDuplicates: true }),
      () => loose.insert([{ a: 1 }], { replace: true }),
    ])
      await expect(change()).rejects.toMatchObject({
        code: "invalid-query",
        message: expect.stringContaining("no primary key"),
      });
    expect(await loose.count()).toBe(3);
  });

  it("are usable beside a codec that is not there, up to its values", async () => {
    await using lab = await openOddLab();
    const schema = lab.odd.schema("lab");
    const [parent, odd] = [await schema.table("Parent"), await schema.table("Odd")];
    await parent.insertOne({ id: 1, code: "c" });
    await expect(odd.insertOne({ id: 1, code: "c", wild: { x: 1 } })).rejects.toMatchObject({ code: "unknown-codec" });
    await lab.raw.query(`insert into lab.odd (id, code, wild) values (1, 'c', '{"x": 1}')`);
    expect(await odd.proj("code").fetch()).toEqual([{ id: 1, code: "c" }]);
    expect(await odd.fetchOne()).toMatchObject({ wild: { x: 1 }, made: 2 });
  });

  it("are described as far as a definition goes, and the rest in comments", async () => {
    await using lab = await openOddLab();
    const schema = lab.odd.schema("lab");
    const loose = await schema.describe("Loose");
    expect(loose).toMatch(/^---\na : int(eger)?  # first\nb = .* : (var)?char/);
    expect(loose).toContain("# not in this definition: the table has no primary key");
    const text = await schema.describe("Odd");
    for (const line of [
      "the columns stand in the order note, Big, id, up, code, wild, made",
      "a foreign key leads from up to lab.odd (id)",
      "a foreign key leads from code to lab.parent (code)",
      "Big: no attribute can have this name",
    ])
      expect(text).toContain(`\n# not in this definition: ${line}`);
    expect(text).toMatch(/\n# not in this definition: made has the default /);
    expect(text).toContain("\nwild : <nowhere@main>");
  });

  it("have types like all others", async () => {
    await using lab = await openOddLab();
    const text = await lab.odd.schema("lab").generateTypes();
    expect(text).toContain('"Lost.Part": Lost.Part.Heading;');
    expect(text).toContain('readonly wild: mortise.CodecHeading<"nowhere", Codecs, "value">;');
    expect(text).toContain('readonly a: mortise.Column<number, number, "value">;');
    expect(text).not.toContain("a__b__c");
  });
});
