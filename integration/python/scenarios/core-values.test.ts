import { expect } from "vitest";
import type { PythonValue } from "../client/values.ts";
import type { SharedLab } from "../environment/lab.ts";
import { onBothDatabases } from "../environment/scenarios.ts";
import { type CoreValue, coreValues } from "./core-values.ts";

const types = Object.keys(coreValues);
const columnOf = (type: string): string => `v_${type.replace(/\W.*$/, "")}${/^\w+\((\d)\)/.exec(type)?.[1] ?? ""}`;
const definition = `
  id : int32
  ---
  ${types.map((type) => `${columnOf(type)} = null : ${type}`).join("\n  ")}
`;
const longest = Math.max(...types.map((type) => coreValues[type]?.length ?? 0));

/** Row `n` has the value `n` of each type, null where a type has fewer; the last row has nothing but nulls. */
const rowsOf = (first: number, pick: (value: CoreValue) => unknown) =>
  Array.from({ length: longest + 1 }, (_, n) => ({
    id: first + n,
    ...Object.fromEntries(
      types.map((type) => {
        const value = coreValues[type]?.[n];
        return [columnOf(type), value === undefined ? null : pick(value)];
      }),
    ),
  }));

/** Rows from 0 are Mortise's, rows from 100 Python's. */
async function fillAndCompare({ project, python, server }: SharedLab, schema: string): Promise<void> {
  const T = await project.schema(schema).table("Values");
  await T.insert(rowsOf(0, ({ mortise }) => mortise));
  await python.run(`T = spawn(name).Values; T.insert(rows_)`, {
    name: schema,
    rows_: rowsOf(100, ({ python: value }) => value) as PythonValue,
  });
  const mortise = rowsOf(0, ({ mortise: value }) => value);
  const fetched = (first: number) =>
    T.where({ id: { gte: first, lt: first + 100 } })
      .orderBy("id")
      .fetch();
  expect(await fetched(0)).toEqual(mortise);
  expect(await fetched(100)).toEqual(mortise.map((row) => ({ ...row, id: row.id + 100 })));

  const seen = rowsOf(0, (value) => value.pythonFetches?.[server.backend] ?? value.python);
  const read = "(T & f'id >= {first} and id < {first + 100}').to_dicts(order_by='id')";
  expect(await python.run(read, { first: 100 })).toEqual(seen.map((row) => ({ ...row, id: row.id + 100 })));
  expect(await python.run(read, { first: 0 })).toEqual(seen);
}

onBothDatabases("core values", ({ scenario }) => {
  scenario("every type, in a table declared in Python: each reads what either wrote", async (lab) => {
    const name = lab.name("theirs");
    await lab.python.run(
      `
      schema = dj.Schema(name)
      @schema
      class Values(dj.Manual):
          definition = text
      `,
      { name, text: definition },
    );
    await fillAndCompare(lab, name);
  });

  scenario("every type, in a table declared in Mortise: each reads what either wrote", async (lab) => {
    const name = lab.name("ours");
    const schema = lab.project.schema(name);
    schema.manual("Values", definition);
    await schema.declare();
    await fillAndCompare(lab, name);
  });
});
