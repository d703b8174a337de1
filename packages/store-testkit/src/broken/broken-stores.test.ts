import { describe, expect, it } from "vitest";
import { conformanceCases } from "../conformance/cases.ts";
import { runConformanceCase } from "../conformance/run.ts";
import { brokenStores } from "./all.ts";
import { failingCases } from "./failing-cases.ts";

const cases = new Map(conformanceCases().map((each) => [each.id, each]));
const table = brokenStores.flatMap(({ breaks, open }) =>
  (failingCases[breaks] ?? []).map((id) => ({ breaks, id, open })),
);

describe("the conformance suite", () => {
  it.each(table)("fails $id for a store that $breaks", async ({ id, open }) => {
    const found = cases.get(id);
    if (found === undefined) expect.unreachable(`there is no case ${id}`);
    else await expect(runConformanceCase(found, open())).rejects.toThrow();
  });

  it("finds every broken store", () => {
    expect(brokenStores.map(({ breaks }) => breaks).filter((breaks) => failingCases[breaks] === undefined)).toEqual([]);
  });

  it("has no case that no broken store fails", () => {
    const failed = new Set(table.map(({ id }) => id));
    expect([...cases.keys()].filter((id) => !failed.has(id))).toEqual([]);
  });

  it("gives every rule an id of its own", () => {
    expect(cases.size).toBe(conformanceCases().length);
  });
});
