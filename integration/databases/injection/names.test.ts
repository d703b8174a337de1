import { sql } from "@mortise/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CanaryLab, intact, openCanaryLab } from "./canary.ts";
import { hostileComments, hostileTexts } from "./hostile-texts.ts";

// Hostile texts where names, comments, defaults and enum values stand: kept as written, or refused, never executed.

type Loose = { readonly [name: string]: (...args: readonly unknown[]) => never };
const loose = (value: object): Loose => value as unknown as Loose;

/** What it results in, or the name of the error. */
async function outcomeOf(attempt: () => unknown): Promise<unknown> {
  try {
    return (await attempt()) ?? "nothing";
  } catch (error) {
    return (error as Error).name;
  }
}

describe("a hostile name", () => {
  let lab: CanaryLab;
  beforeAll(async () => {
    lab = await openCanaryLab();
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  const item = () => lab.project.schema("lab").manual("Item", "name : varchar(80)\n---\nnote = '' : varchar(80)");

  it.each(hostileTexts)("of a schema, a table, a column or a store is refused: %j", async (text) => {
    const { project } = lab;
    const schema = project.schema("lab");
    const tries: readonly (() => unknown)[] = [
      () => project.schema(text).tableNames(),
      () => project.schema(`lab${text}`).manual("T", "k : int8").heading(),
      () => loose(schema)["manual"]?.(`T${text}`, "k : int8"),
      () => loose(schema)["manual"]?.("T", `k${text} : int8`),
      () => loose(schema)["manual"]?.("T", `k : int8${text}`),
      () => loose(schema)["manual"]?.("T", `k : int8\n---\nx : <blob@${text}>`),
      () => schema.table(text),
      () => schema.table(`Item${text}`),
      () => project.store(text),
    ];
    for (const attempt of tries) {
      expect(await outcomeOf(attempt)).toEqual(expect.stringMatching(/^(?:Definition|Query|Config|Store)Error$/));
    }
    expect((await lab.state()).canary).toEqual(intact);
  });

  it.each(hostileTexts)("in a query is refused: %j", async (text) => {
    const Item = loose(item());
    const tries: readonly (() => unknown)[] = [
      () => loose(Item["where"]?.({ [text]: 1 }) as unknown as object)["fetch"]?.(),
      () => loose(Item["where"]?.({ name: { [text]: 1 } }) as unknown as object)["fetch"]?.(),
      () => loose(Item["proj"]?.(text) as unknown as object)["fetch"]?.(),
      () => loose(Item["proj"]?.({ [text]: "note" }) as unknown as object)["fetch"]?.(),
      () => loose(Item["proj"]?.({ other: text }) as unknown as object)["fetch"]?.(),
      () => loose(Item["orderBy"]?.(text) as unknown as object)["fetch"]?.(),
      () => loose(Item["orderBy"]?.(`name ${text}`) as unknown as object)["fetch"]?.(),
      () => loose(Item["where"]?.(sql`${sql.id(text)} = 1`) as unknown as object)["fetch"]?.(),
      () => Item["insertOne"]?.({ name: "x", [text]: 1 }),
      () => Item["updateOne"]?.({ name: "x", [text]: 1 }),
    ];
    for (const attempt of tries) {
      expect(await outcomeOf(attempt)).toEqual(expect.stringMatching(/^(?:Query|Value|Definition)Error$/));
    }
    expect((await lab.state()).canary).toEqual(intact);
  });
});

describe("a hostile text in a definition", () => {
  let lab: CanaryLab;
  let made = 0;
  beforeAll(async () => {
    lab = await openCanaryLab();
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  const next = (): string => {
    made += 1;
    return `Made${made}`;
  };

  it.each(hostileComments)("is a comment of a table and of its columns, as it was written: %j", async (text) => {
    const name = next();
    const definition: string = `# ${text}\nk : int8  # ${text}\n---\nv : int8  # ${text}`;
    await lab.project.schema("lab").manual(name, definition).heading();
    const again = await lab.again();
    const heading = await (await again.schema("lab").table(name)).heading();
    expect(heading.attributes.map(({ comment }) => comment)).toEqual([text.trim(), text.trim()]);
    // Declared once more, also by what the database says of it, it is the same table.
    await again.schema("lab").manual(name, definition).heading();
    const described = await again.schema("lab").describe(name);
    expect(described.split(text.trim())).toHaveLength(4);
    await (await lab.again()).schema("lab").manual(name, described).heading();
    expect((await lab.state()).canary).toEqual(intact);
  });

  it.each(hostileComments)("is a default and an enum value, as it was written, or is refused: %j", async (text) => {
    const quoted = `'${text.replaceAll("'", "''")}'`;
    const definitions: readonly string[] = [
      `k : int8\n---\nv = ${quoted} : varchar(80)`,
      `k : int8\n---\nv = ${quoted} : enum('a',${quoted})`,
    ];
    for (const definition of definitions) {
      const name = next();
      const schema = lab.project.schema("lab");
      const outcome = await outcomeOf(async () => {
        const T = schema.manual(name, definition);
        await T.insertOne({ k: 1 });
        return (await T.fetchOne())["v"];
      });
      expect([text, "DefinitionError"]).toContain(outcome);
    }
    expect((await lab.state()).canary).toEqual(intact);
  });

  it.each(hostileTexts)("is in the contents of a lookup, as it was written: %j", async (text) => {
    const name = next();
    const schema = lab.project.schema("lab");
    const Lookup = schema.lookup(name, "name : varchar(80)", {}, { contents: [{ name: text }] });
    expect(await Lookup.fetch()).toEqual([{ name: text }]);
    expect((await lab.state()).canary).toEqual(intact);
  });
});
