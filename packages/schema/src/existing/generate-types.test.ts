import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openTestProject } from "../project/testing.ts";
import { defineLab } from "./fixtures/define-lab.ts";

/** What `generate-types.test-d.ts` compiles. */
const generated = join(import.meta.dirname, "fixtures", "generated-lab.ts");

it("writes the types of tables that another program has declared, the same every time", async () => {
  await using test = await openTestProject();
  await defineLab(test.project).declare();
  const text = await (await test.again()).schema("lab").generateTypes();
  expect(text).toBe(await readFile(generated, "utf8"));
});

it("lets no comment or value end the text it stands in", async () => {
  await using test = await openTestProject();
  const lab = test.project.schema("lab");
  const text = `# closed */ export const x = 1; /*
    k : int8  # */ also here
    ---
    e : enum('"', '*/')`;
  lab.manual("Sly", text);
  await lab.declare();
  const types = await lab.generateTypes();
  expect(types).toContain("/** sly: closed *\\/ export const x = 1; /* */");
  expect(types).toContain("/** *\\/ also here */");
  expect(types).toContain(String.raw`mortise.Column<"\"" | "*/", "\"" | "*/", "value">`);
});

it("gives tables that share a class name namespaces that no reserved word or import can be", async () => {
  await using test = await openTestProject();
  const lab = test.project.schema("lab");
  const again = (await test.again()).schema("lab");
  for (const name of ["Default", "Mortise"]) {
    lab.lookup(name, "a : int8");
    again.manual(name, "a : int8").part("Part", "-> master\nb : int8");
  }
  await lab.declare();
  await again.declare();
  const types = await lab.generateTypes();
  const namespaces = [...types.matchAll(/namespace (\w+) /g)].map(([, name]) => name);
  expect(new Set(namespaces)).toEqual(new Set(["Default", "Mortise", "Part", "manual_default", "manual_mortise"]));
  expect(types).toContain('"default": manual_default.Heading;');
});
