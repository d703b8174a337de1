// What one language can't do, or does in another way: each stated as it is, so that a change is noticed.
import { expect } from "vitest";
import { py } from "../client/values.ts";
import { onBothDatabases } from "../environment/scenarios.ts";

const id = "12345678-1234-5678-1234-567812345678";

onBothDatabases("known differences", ({ backend, scenario }) => {
  scenario(
    "json: an integer beyond 2^53 of Python is refused by Mortise, not rounded",
    async ({ project, python, name }) => {
      const schema = project.schema(name("large"));
      const T = schema.manual("T", "id : int32\n---\nvalue : json");
      await schema.declare();
      await python.run("T = spawn(name).T; T.insert1(dict(id=1, value=dict(of=2**53 + 1)))", { name: schema.name });
      await expect(T.fetch()).rejects.toMatchObject({ code: "out-of-range" });
      expect(await T.proj().fetch()).toEqual([{ id: 1 }]);
    },
  );

  scenario("a child in Python of a table of Mortise with \" in a key's comment", async ({ project, python, name }) => {
    const schema = project.schema(name("quote"));
    schema.manual("Parent", 'id : int32   # a "key"');
    await schema.declare();
    const declare = `
      schema = dj.Schema(name)
      Parent = spawn(name).Parent
      @schema
      class Child(dj.Manual):
          definition = "-> Parent"
    `;
    if (backend === "postgresql") {
      await python.run(declare, { name: schema.name });
      expect(await python.run("columns(Child)[0]['name']")).toBe("id");
    } else {
      // The comment goes into the child's declaration as it is.
      expect((await python.fails(declare, { name: schema.name })).type).toBe("QuerySyntaxError");
    }
  });

  if (backend === "mysql") {
    scenario("uuid: each reads what either wrote, as key and as value", async ({ project, python, name }) => {
      const schema = project.schema(name("uuid"));
      const T = schema.manual("T", "id : uuid\n---\nother = null : uuid");
      await T.insertOne({ id, other: null });
      const other = "ffffffff-0000-4000-8000-000000000001";
      await python.run("T = spawn(name).T; T.insert1(dict(id=other, other=first))", {
        name: schema.name,
        first: py.uuid(id),
        other: py.uuid(other),
      });
      const expected = [
        { id, other: null },
        { id: other, other: id },
      ];
      expect(await T.orderBy("id").fetch()).toEqual(expected);
      expect(await python.run("rows(T)")).toEqual([
        { id: py.uuid(id), other: null },
        { id: py.uuid(other), other: py.uuid(id) },
      ]);
      expect(await T.where({ other: id }).count()).toBe(1);
      expect(await python.run("len(T & dict(other=first))")).toBe(1);
    });

    scenario(
      "NaN and infinity: Mortise refuses them; Python stores null for NaN",
      async ({ project, python, name }) => {
        const schema = project.schema(name("nan"));
        const T = schema.manual("T", "id : int32\n---\nvalue = null : float64");
        await expect(T.insertOne({ id: 1, value: Number.NaN })).rejects.toMatchObject({ code: "nan" });
        await expect(T.insertOne({ id: 1, value: Number.POSITIVE_INFINITY })).rejects.toMatchObject({
          code: "infinity",
        });
        await schema.declare();
        await python.run("T = spawn(name).T; T.insert1(dict(id=2, value=float('nan')))", { name: schema.name });
        expect(await T.fetch()).toEqual([{ id: 2, value: null }]);
      },
    );

    scenario(
      "float32: Python gets six digits of what Mortise stored and reads exactly",
      async ({ project, python, name }) => {
        const schema = project.schema(name("single"));
        const T = schema.manual("T", "id : int32\n---\nvalue : float32");
        await T.insertOne({ id: 1, value: 16_777_215 });
        expect(await T.fetchOne()).toEqual({ id: 1, value: 16_777_215 });
        expect(await python.run("spawn(name).T.fetch1('value')", { name: schema.name })).toEqual(
          py.float("16777200.0"),
        );
      },
    );

    scenario(
      "a comment beyond the basic plane: Mortise refuses what Python loses",
      async ({ project, python, name }) => {
        const schema = project.schema(name("plane"));
        schema.manual("T", "id : int32   # a 🐭");
        await expect(schema.declare()).rejects.toMatchObject({ name: "DefinitionError" });
        const declare = `
        schema = dj.Schema(name)
        @schema
        class Lost(dj.Manual):
            definition = "id : int32   # a 🐭"
        columns(spawn(name).Lost)[0]["comment"]
      `;
        expect(await python.run(declare, { name: schema.name })).toBe("a ?");
      },
    );

    scenario("json: text is text for both", async ({ project, python, name }) => {
      const schema = project.schema(name("json"));
      const T = schema.manual("T", "id : int32\n---\nvalue : json");
      await T.insert([
        { id: 1, value: "abc" },
        { id: 2, value: "123" },
      ]);
      await python.run("T = spawn(name).T; T.insert1(dict(id=3, value='null'))", { name: schema.name });
      expect(await python.run("[each['value'] for each in rows(T)]")).toEqual(["abc", "123", "null"]);
      expect((await T.orderBy("id").fetch()).map(({ value }) => value)).toEqual(["abc", "123", "null"]);
    });
    return;
  }

  scenario("uuid: native for Mortise; Python can neither write nor read it", async ({ project, python, name }) => {
    const schema = project.schema(name("uuid"));
    const T = schema.manual("T", "id : int32\n---\nvalue = null : uuid");
    await T.insertOne({ id: 1, value: id });
    expect(await T.fetchOne()).toEqual({ id: 1, value: id });
    await python.run("T = spawn(name).T", { name: schema.name });
    expect((await python.fails("T.insert1(dict(id=2, value=first))", { first: py.uuid(id) })).type).toBe(
      "DatatypeMismatch",
    );
    expect((await python.fails("T.fetch1('value')")).type).toBe("ValueError");
    // The other columns of such a table are there for Python.
    expect(await python.run("T.proj().to_dicts()")).toEqual([{ id: 1 }]);
  });

  scenario("uuid as a foreign key: Python reads the child's column as text", async ({ project, python, name }) => {
    const schema = project.schema(name("uuidkey"));
    const Parent = schema.manual("Parent", "id : uuid");
    const Child = schema.manual("Child", "-> Parent\nn : int16", { Parent });
    await Parent.insertOne({ id });
    await Child.insertOne({ id, n: 1 });
    expect(await Child.fetchOne()).toEqual({ id, n: 1 });
    expect(await python.run("rows(spawn(name).Child)", { name: schema.name })).toEqual([{ id, n: 1 }]);
  });

  scenario("NaN and infinity: both store them in float64", async ({ project, python, name }) => {
    const schema = project.schema(name("nan"));
    const T = schema.manual("T", "id : int32\n---\nvalue : float64");
    await T.insert([Number.NaN, Number.NEGATIVE_INFINITY].map((value, n) => ({ id: n, value })));
    await python.run("T = spawn(name).T; T.insert([dict(id=2, value=float('nan')), dict(id=3, value=float('inf'))])", {
      name: schema.name,
    });
    expect(await python.run("[each['value'] for each in rows(T)]")).toEqual(
      ["nan", "-inf", "nan", "inf"].map(py.float),
    );
    const values = [Number.NaN, Number.NEGATIVE_INFINITY, Number.NaN, Number.POSITIVE_INFINITY];
    expect((await T.orderBy("id").fetch()).map(({ value }) => value)).toEqual(values);
  });

  scenario(
    "json: text that Mortise keeps as text is parsed a second time by Python",
    async ({ project, python, name }) => {
      const schema = project.schema(name("json"));
      const T = schema.manual("T", "id : int32\n---\nvalue : json");
      await T.insert([
        { id: 1, value: "123" },
        { id: 2, value: { text: "123" } },
      ]);
      await python.run("T = spawn(name).T; T.insert1(dict(id=3, value='456'))", { name: schema.name });
      expect((await T.orderBy("id").fetch()).map(({ value }) => value)).toEqual(["123", { text: "123" }, "456"]);
      expect(await python.run("[each['value'] for each in rows(T)]")).toEqual([123, { text: "123" }, 456]);
      await T.insertOne({ id: 4, value: "abc" });
      expect((await python.fails("rows(T)")).type).toBe("JSONDecodeError");
    },
  );

  scenario(
    "char(n): Python gets the padding that PostgreSQL adds, Mortise the text",
    async ({ project, python, name }) => {
      const schema = project.schema(name("padded"));
      const T = schema.manual("T", "code : char(4)");
      await T.insertOne({ code: "ab" });
      expect(await T.fetchOne()).toEqual({ code: "ab" });
      expect(await python.run("T = spawn(name).T; rows(T)", { name: schema.name })).toEqual([{ code: "ab  " }]);
      expect(await T.where({ code: "ab" }).count()).toBe(1);
      expect(await python.run("len(T & dict(code='ab'))")).toBe(1);
    },
  );

  scenario("int8: Python stores more than it holds; Mortise gives it back", async ({ project, python, name }) => {
    const schema = project.schema(name("tiny"));
    const T = schema.manual("T", "id : int32\n---\nvalue : int8");
    await expect(T.insertOne({ id: 1, value: 200 })).rejects.toMatchObject({ code: "out-of-range" });
    await schema.declare();
    await python.run("spawn(name).T.insert1(dict(id=2, value=200))", { name: schema.name });
    expect(await T.fetchOne()).toEqual({ id: 2, value: 200 });
  });
});
