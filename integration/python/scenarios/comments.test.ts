import { expect } from "vitest";
import { onBothDatabases } from "../environment/scenarios.ts";

/** What must not end a literal, be formatted, or be escaped twice. */
const awkward = [
  "it's",
  'a "quoted" word',
  "100% of %s and %(x)s",
  "{braces} {0}",
  "back\\slash \\n",
  "`ticks` $1 ? :a;--",
  "ünïcode 日本",
];

const definition = `
  # table: ${awkward.join(" ")}
  id : int32   # key: it's 100% {x}
  ---
  ${awkward.map((text, n) => `c${n} = "${text.replaceAll('"', "")}" : varchar(60)  # ${text}`).join("\n  ")}
`;

onBothDatabases("comments and defaults", ({ backend, scenario }) => {
  scenario(
    "quotes, percent signs, braces and backslashes in a definition of Mortise are the same text in Python",
    async (lab) => {
      const name = lab.name("awkward");
      const schema = lab.project.schema(name);
      const T = schema.manual("T", definition) as unknown as Awaited<ReturnType<typeof schema.table>>;
      await T.insertOne({ id: 1 });
      const seen = await lab.python.run(
        "T = spawn(name).T; [T().heading.table_status['comment'], [c['comment'] for c in columns(T)]]",
        {
          name,
        },
      );
      expect(seen).toEqual([`table: ${awkward.join(" ")}`, ["key: it's 100% {x}", ...awkward]]);
      const defaults = Object.fromEntries(awkward.map((text, n) => [`c${n}`, text.replaceAll('"', "")]));
      expect(await T.fetchOne()).toEqual({ id: 1, ...defaults });
      await lab.python.run("T.insert1(dict(id=2))");
      expect(await lab.python.run("(T & dict(id=2)).fetch1()")).toEqual({ id: 2, ...defaults });
    },
  );

  scenario("quotes in a comment of Python are read without the backslash that PostgreSQL got", async (lab) => {
    const name = lab.name("quoted");
    await lab.python.run(
      `
      schema = dj.Schema(name)
      @schema
      class T(dj.Manual):
          definition = '''
          # it's a table
          id : int32   # a "key", it's one
          '''
      `,
      { name },
    );
    const heading = await (await lab.project.schema(name).table("T")).heading();
    expect(heading.attributes.map(({ comment }) => comment)).toEqual([`a "key", it's one`]);
    const stored = backend === "postgresql" ? `a \\"key\\", it's one` : `a "key", it's one`;
    expect(await lab.python.run("columns(T)[0]['comment']")).toBe(stored);
  });

  scenario(
    "a child in Python of a table of Mortise: its columns keep types, whatever the key's comment says",
    async (lab) => {
      const name = lab.name("child");
      const schema = lab.project.schema(name);
      schema.manual("Parent", "id : int32   # it's 50 of 'them'\nday : date");
      await schema.declare();
      await lab.python.run(
        `
      schema = dj.Schema(name)
      Parent = spawn(name).Parent
      @schema
      class Child(dj.Manual):
          definition = "-> Parent\\nn : int16"
      `,
        { name },
      );
      const Child = await schema.table("Child");
      await (await schema.table("Parent")).insertOne({ id: 1, day: "2024-01-02" });
      await Child.insertOne({ id: 1, day: "2024-01-02", n: 3 });
      expect(await Child.fetchOne()).toEqual({ id: 1, day: "2024-01-02", n: 3 });
    },
  );
});
