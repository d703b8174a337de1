import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../memory/memory-store.ts";
import type { ServerDefect } from "./defects.ts";
import { conformanceSummary, storeConformance } from "./run.ts";

const open = () => createMemoryStore({ capabilities: { metadata: false } });
const defect = (...cases: readonly string[]): ServerDefect => ({ id: "moody", reason: "it is moody", cases });

describe("defects of a server", () => {
  it("excuse cases by name, and the summary says which and why", async () => {
    const { applicable, skipped } = await conformanceSummary(open, [defect("put.stream", "list.order")]);
    expect(skipped.map((each) => `${each.case.id}: ${each.defect.reason}`).sort()).toEqual([
      "list.order: it is moody",
      "put.stream: it is moody",
    ]);
    expect(applicable.map(({ id }) => id)).toContain("put.stream");
  });

  it("leave out exactly the tests that they name", async () => {
    const registered = async (defects: readonly ServerDefect[]): Promise<readonly string[]> => {
      const names: string[] = [];
      const runner = { describe: (_: string, body: () => void) => body(), it: (name: string) => names.push(name) };
      await storeConformance({ name: "memory", open, defects, ...runner });
      return names;
    };
    const [all, some] = [await registered([]), await registered([defect("put.stream")])];
    expect(all.filter((name) => !some.includes(name))).toEqual([expect.stringMatching(/^put\.stream: /)]);
  });

  it.each([
    ["that does not exist", "put.nothing", /which is no case/],
    ["that does not apply to the store", "metadata.kept", /does not apply/],
  ])("can't excuse a case %s", async (_, id, message) => {
    await expect(conformanceSummary(open, [defect(id)])).rejects.toThrow(message);
  });

  it("can't excuse a case twice", async () => {
    const twice = [defect("put.stream"), { ...defect("put.stream"), id: "other" }];
    await expect(conformanceSummary(open, twice)).rejects.toThrow(/already/);
  });
});
