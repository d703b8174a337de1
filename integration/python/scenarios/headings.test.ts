import type { Heading } from "@mortise/schema";
import { expect } from "vitest";
import type { PythonValue } from "../client/values.ts";
import type { SharedLab } from "../environment/lab.ts";
import { onBothDatabases, type Scene } from "../environment/scenarios.ts";

/** Every kind of line but foreign keys, in the language that both share. */
const everything = ({ backend }: Scene): string => `
  # one of each: 100 (comments are text)
  number : int32          # what counts
  name   : varchar(20)
  ---
  tiny         : int8             # -128 to 127
  small   = 7  : int16
  large = null : int64            # may be missing
  single = 1.5 : float32
  double       : float64
  ratio = "0.250" : decimal(6,3)  # exact
  flag  = 1    : bool
  day          : date             # 2024-01-02
  at = CURRENT_TIMESTAMP : datetime
  moment = null : datetime(3)
  exact = CURRENT_TIMESTAMP(6) : datetime(6)
  code = ""    : char(4)          # four
  title = "it's" : varchar(255)   # ünïcode 日本
  state = "new" : enum('new', 'done')  # of two
  tree = null  : json
  raw          : bytes            # as it is
  signal = null : <blob>          # inline
  trace = null  : <blob@>         # in the default store
  other = null  : <blob@raw>
  notes = null  : <attach>
  manual = null : <attach@raw>
  video = null  : <object@>
  source = null : <filepath@>
  ${backend === "mysql" ? "device = null : uuid" : ""}
  index (tiny, small)
  unique index (title)
`;

const declareIn = (python: SharedLab["python"], schema: string, text: string, base = "Manual") =>
  python.run(
    `
    schema = dj.Schema(name)
    @schema
    class Everything(dj.${base}):
        definition = text
    `,
    { name: schema, text },
  );

/** What Python says of a table that it knows by name only. */
async function readByPython({ python }: SharedLab, schema: string) {
  const code = `found = spawn(name).Everything; [columns(found), found().heading.table_status["comment"]]`;
  const found = JSON.stringify(await python.run(code, { name: schema }));
  // Defaults on PostgreSQL name the enum's type: one per set of values in Python, one per column in Mortise.
  return JSON.parse(found.replaceAll(schema, "schema").replace(/enum_[\da-f]{8}/g, "enum_…")) as PythonValue;
}

/** What Mortise says of it, the origins left out that differ by the schema's name. */
async function readByMortise({ project }: SharedLab, schema: string, table = "Everything") {
  const opened = await project.schema(schema).table(table);
  return describe(await opened.heading(), schema);
}

const describe = (heading: Heading, schema: string) => ({
  primaryKey: heading.primaryKey,
  attributes: heading.attributes.map(({ lineage, codec, ...attribute }) => ({
    ...attribute,
    codec: codec !== undefined,
    lineage: lineage?.replace(`${schema}.`, ""),
  })),
});

onBothDatabases("headings", (scene) => {
  const { scenario } = scene;

  scenario("a table declared by either language reads the same in both", async (lab) => {
    const [ours, theirs] = [lab.name("ours"), lab.name("theirs")];
    lab.project.schema(ours).manual("Everything", everything(scene));
    await lab.project.schema(ours).declare();
    await declareIn(lab.python, theirs, everything(scene));

    const mortise = await readByMortise(lab, theirs);
    expect(mortise).toEqual(await readByMortise(lab, ours));
    expect(mortise.attributes.map(({ name }) => name)).toContain("source");
    expect(await readByPython(lab, ours)).toEqual(await readByPython(lab, theirs));
  });

  scenario("what Mortise says of a table of Python declares the same table in both", async (lab) => {
    const [theirs, ours, again] = [lab.name("origin"), lab.name("described"), lab.name("again")];
    await declareIn(lab.python, theirs, everything(scene));
    const text = await lab.project.schema(theirs).describe("Everything");
    lab.project.schema(ours).manual("Everything", text);
    await lab.project.schema(ours).declare();
    await declareIn(lab.python, again, text);

    const mortise = await readByMortise(lab, theirs);
    expect(await readByMortise(lab, ours)).toEqual(mortise);
    expect(await readByMortise(lab, again)).toEqual(mortise);
    const python = await readByPython(lab, theirs);
    expect(await readByPython(lab, ours)).toEqual(python);
    expect(await readByPython(lab, again)).toEqual(python);
  });

  scenario(
    "all tables of a schema of Python open with their parts, and have types",
    async ({ project, python, name }) => {
      const schema = project.schema(name("all"));
      await python.run(
        `
      schema = dj.Schema(name)
      @schema
      class Rig(dj.Lookup):
          definition = "rig : char(4)"
          contents = [["a1"], ["b2"]]
      @schema
      class Session(dj.Manual):
          definition = "session : int16\\n---\\n-> [nullable] Rig\\nlevel = null : enum('low', 'high')"
          class Trial(dj.Part):
              definition = "-> master\\ntrial : int16"
      @schema
      class Result(dj.Computed):
          definition = "-> Session\\n---\\nvalue : float64"
          def make(self, key):
              self.insert1(dict(key, value=0.5))
      Session.insert1(dict(session=1, rig="a1", level=None))
      Session.Trial.insert([(1, 1), (1, 2)])
      Result.populate()
      `,
        { name: schema.name },
      );
      const counts: Record<string, number> = {};
      for (const [each, table] of await schema.tables()) counts[each] = await table.count();
      expect(counts).toEqual({ Rig: 2, Session: 1, "Session.Trial": 2, Result: 1 });
      expect(await schema.generateTypes()).toContain('"low" | "high"');
    },
  );

  scenario(
    "columns that Python hides stay hidden, and rows of Mortise do without them",
    async ({ project, python, name }) => {
      const schema = project.schema(name("columns"));
      await python.run(
        `
      with dj.config.override(jobs__add_job_metadata=True, provenance__capture=True):
          schema = dj.Schema(name)
          @schema
          class Item(dj.Manual):
              definition = "id : int32"
          @schema
          class Size(dj.Computed):
              definition = "-> Item\\n---\\nsize : int32"
              def make(self, key):
                  self.insert1(dict(key, size=key["id"] * 10))
          Item.insert1(dict(id=1))
          Size.populate()
      `,
        { name: schema.name },
      );
      const hidden = "sorted(n for t in (Item, Size) for n, a in t().heading._attributes.items() if a.is_hidden)";
      expect(await python.run(hidden)).toEqual(["_job_duration", "_job_start_time", "_job_version", "_prov"]);
      const Item = await schema.table("Item");
      const Size = await schema.table("Size");
      expect((await Size.heading()).attributes.map((each) => each.name)).toEqual(["id", "size"]);
      await Item.insertOne({ id: 2 });
      await Size.insertOne({ id: 2, size: 21 }, { allowDirectInsert: true });
      expect(await Item.join(Size).orderBy("id").fetch()).toEqual([
        { id: 1, size: 10 },
        { id: 2, size: 21 },
      ]);
      expect(await python.run("rows(Item * Size)")).toEqual([
        { id: 1, size: 10 },
        { id: 2, size: 21 },
      ]);
      expect(await python.run("Item.insert1(dict(id=3)); Size.populate(); len(Size())")).toBe(3);
    },
  );
});
