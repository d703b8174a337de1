import { expect } from "vitest";
import { onBothDatabases } from "../environment/scenarios.ts";

const definition = "id : int32\n---\nname : varchar(40)\nvalue = null : <blob@main>";

const declare = `
  schema = dj.Schema(name)
  @schema
  class Item(dj.Manual):
      definition = text
`;

onBothDatabases("at the same time", ({ scenario }) => {
  scenario(
    "Python inserts while a transaction of Mortise is open: both are kept, and a key is given once",
    async (lab) => {
      const name = lab.name("open");
      const { python, project } = lab;
      await python.run(declare, { name, text: definition });
      const Item = await project.schema(name).table("Item");
      await project.transaction(async () => {
        await Item.insertOne({ id: 1, name: "Mortise", value: [1] });
        await python.run("Item.insert1(dict(id=2, name='Python', value=[1]))");
        // Not committed, so not seen.
        expect(await python.run("[each['id'] for each in rows(Item)]")).toEqual([2]);
      });
      expect(await python.run("[each['id'] for each in rows(Item)]")).toEqual([1, 2]);
      expect((await python.fails("Item.insert1(dict(id=1, name='Python', value=None))")).type).toBe("DuplicateError");
      await expect(Item.insertOne({ id: 2, name: "Mortise" })).rejects.toMatchObject({ code: "duplicate" });
    },
  );

  scenario("Mortise inserts while a transaction of Python is open, and rolls back on its own", async (lab) => {
    const name = lab.name("other");
    const { python, project } = lab;
    await python.run(declare, { name, text: definition });
    const Item = await project.schema(name).table("Item");
    await python.run("dj.conn().start_transaction(); Item.insert1(dict(id=2, name='Python', value=[1]))");
    await Item.insertOne({ id: 1, name: "Mortise", value: [1] });
    const failing = project.transaction(async () => {
      await Item.insertOne({ id: 3, name: "gone", value: [3] });
      throw new Error("on purpose");
    });
    await expect(failing).rejects.toThrow("on purpose");
    expect(await Item.keys()).toEqual([{ id: 1 }]);
    await python.run("dj.conn().commit_transaction()");
    expect(await Item.orderBy("id").keys()).toEqual([{ id: 1 }, { id: 2 }]);
  });

  scenario("each updates and replaces rows of the other", async (lab) => {
    const name = lab.name("update");
    const { python, project } = lab;
    await python.run(declare, { name, text: definition });
    const Item = await project.schema(name).table("Item");
    await Item.insertOne({ id: 1, name: "Mortise", value: [1] });
    await python.run("Item.insert1(dict(id=2, name='Python', value=[2]))");
    await python.run("Item.update1(dict(id=1, name='changed', value=None))");
    await Item.updateOne({ id: 2, name: "it's 100%", value: { a: [1, 2] } });
    const expected = [
      { id: 1, name: "changed", value: null },
      { id: 2, name: "it's 100%", value: { a: [1, 2] } },
    ];
    expect(await Item.orderBy("id").fetch()).toEqual(expected);
    expect(await python.run("rows(Item)")).toEqual(expected);
    expect(await Item.insert([{ id: 2, name: "again" }], { skipDuplicates: true })).toMatchObject({ skipped: 1 });
    await python.run("Item.insert1(dict(id=1, name='again', value=None), skip_duplicates=True)");
    await Item.insertOne({ id: 2, name: "replaced", value: null }, { replace: true });
    expect(await python.run("rows(Item)")).toEqual([expected[0], { id: 2, name: "replaced", value: null }]);
  });

  scenario("both declare one table: the second finds what the first made", async (lab) => {
    for (const first of ["Python", "Mortise"]) {
      const name = lab.name(`both_${first.toLowerCase()}`);
      const schema = lab.project.schema(name);
      const Item = schema.manual("Item", definition);
      if (first === "Python") await lab.python.run(declare, { name, text: definition });
      await schema.declare();
      if (first === "Mortise") await lab.python.run(declare, { name, text: definition });
      await Item.insertOne({ id: 1, name: "Mortise", value: { a: 1 } });
      await lab.python.run("Item.insert1(dict(id=2, name='Python', value=dict(a=1)))");
      expect(await Item.count()).toBe(2);
      expect(await lab.python.run("rows(Item)")).toEqual([
        { id: 1, name: "Mortise", value: { a: 1 } },
        { id: 2, name: "Python", value: { a: 1 } },
      ]);
    }
  });

  scenario("both declare one table at once: each succeeds, at the latest when it tries again", async (lab) => {
    const name = lab.name("race");
    const schema = lab.project.schema(name);
    const Item = schema.manual("Item", definition);
    const tried = lab.python.run(declare, { name, text: definition }).catch((error: unknown) => error);
    // A table that Python has created, but not yet described, looks like another one.
    const refused = await schema.declare().then(
      () => undefined,
      (error: unknown) => error,
    );
    // Python asks first and then creates, so it may meet what has come in between.
    if ((await tried) !== null) await lab.python.run(declare, { name, text: definition });
    if (refused !== undefined) expect(refused).toMatchObject({ name: "DefinitionError" });
    await schema.declare();
    await Item.insertOne({ id: 1, name: "Mortise" });
    await lab.python.run("Item.insert1(dict(id=2, name='Python', value=None))");
    expect(await lab.python.run("[each['lineage'] for each in columns(Item)][0]")).toBe(`${name}.item.id`);
    expect(await Item.count()).toBe(2);
  });

  scenario("Python populates a table of its own from rows of Mortise", async (lab) => {
    const name = lab.name("populate");
    const schema = lab.project.schema(name);
    const Item = schema.manual("Item", definition);
    await Item.insert([1, 2].map((id) => ({ id, name: `item ${id}`, value: { size: id * 10 } })));
    await lab.python.run(
      `
      schema = dj.Schema(name)
      Item = spawn(name).Item
      @schema
      class Size(dj.Computed):
          definition = """
          -> Item
          ---
          size : int32
          """
          def make(self, key):
              self.insert1(dict(key, size=(Item & key).fetch1("value")["size"]))
      Size.populate()
      `,
      { name },
    );
    const Size = await schema.table("Size");
    expect(await Size.orderBy("id").fetch()).toEqual([
      { id: 1, size: 10 },
      { id: 2, size: 20 },
    ]);
    await expect(Size.insertOne({ id: 1, size: 1 })).rejects.toMatchObject({ name: "QueryError" });
    await Item.where({ id: 1 }).delete();
    expect(await lab.python.run("rows(Size)")).toEqual([{ id: 2, size: 20 }]);
  });
});
