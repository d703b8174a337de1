import { sql } from "@mortise/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CanaryLab, intact, openCanaryLab } from "./canary.ts";
import { hostileTexts } from "./hostile-texts.ts";

// Hostile values in every place that takes one: stored exactly, found exactly, never executed.

describe("a hostile value", () => {
  let lab: CanaryLab;
  beforeAll(async () => {
    lab = await openCanaryLab();
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  const define = () =>
    lab.project.schema("lab").manual("Item", "name : varchar(80)\n---\nnote = '' : varchar(80)\nmeta = null : json");
  const tables = ["canary", "item"];

  it.each(hostileTexts)("is a key, an attribute, JSON and a condition like any other: %j", async (text) => {
    const Item = define();
    await Item.insertOne({ name: text, note: text, meta: { [text]: text, list: [text] } });
    await Item.insert([
      { name: `${text}2`, note: "x" },
      { name: `${text}3`, note: text },
    ]);
    const row = { name: text, note: text, meta: { [text]: text, list: [text] } };
    expect(await Item.where({ name: text }).fetchOne()).toEqual(row);
    expect(await Item.where({ name: [text, "other"] }).fetch()).toEqual([row]);
    expect(await Item.where([{ name: text, note: text }]).fetch()).toEqual([row]);
    expect(await Item.where(sql`name = ${text} and note = ${text}`).fetch()).toEqual([row]);
    expect(await Item.where({ name: { gte: text, lte: text } }).count()).toBe(1);
    expect(await Item.matching({ name: text, unknown: text }).count()).toBe(1);
    expect(
      await Item.proj({ same: sql`case when note = ${text} then 1 else 0 end` })
        .where({ name: text })
        .fetchOne(),
    ).toMatchObject({ name: text, same: 1 });
    await Item.insertOne({ name: text, note: "again" }, { skipDuplicates: true });
    await Item.insertOne({ name: text, note: "replaced" }, { replace: true });
    await Item.updateOne({ name: text, note: `${text}!`, meta: text });
    expect(await Item.where({ name: text }).fetchOne()).toEqual({ name: text, note: `${text}!`, meta: text });
    expect(await Item.where({ name: [text, `${text}2`, `${text}3`] }).delete()).toBe(3);
    expect(await lab.state()).toEqual({ canary: intact, tables });
  });

  it("with a NUL, which not every database has, is refused", async () => {
    const Item = define();
    const text = "a\0'; DROP TABLE lab.canary; --";
    await expect(Item.insertOne({ name: text })).rejects.toMatchObject({ name: "ValueError" });
    await expect(Item.where({ name: text }).count()).rejects.toMatchObject({ name: "ValueError" });
    expect(await lab.state()).toEqual({ canary: intact, tables });
  });

  it.each(hostileTexts)("is a step of a JSON path, or no path: %j", async (text) => {
    const Item = define();
    await Item.insertOne({ name: "json", meta: { a: { [text]: "deep" } } });
    const condition = { [`meta.a.${text}`]: "deep" };
    const counted = await Item.where(condition as never)
      .count()
      .catch((error: Error) => error.name);
    expect([0, 1, "QueryError"]).toContain(counted);
    await Item.where({ name: "json" }).delete();
    expect(await lab.state()).toEqual({ canary: intact, tables });
  });
});
