import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Catalog, ForeignKeyEdge } from "../catalog.ts";
import type { Executor } from "../database.ts";
import { below, foreignKeysBelow, tableKey } from "./graph.ts";

/** `child -> parent`, tables as `schema.table`. */
function edge(text: string): ForeignKeyEdge {
  const [child, parent] = text.split(" -> ").map((name) => {
    const [schema = "", table = ""] = name.split(".");
    return { schema, table };
  });
  if (child === undefined || parent === undefined) throw new Error(`no edge: ${text}`);
  return { child, parent, columns: [["id", "id"]] };
}

const root = { schema: "a", table: "root" };

describe("dependency graph", () => {
  it("lists every table once, parents before children, and only what depends on the root", () => {
    const edges = ["a.x -> a.root", "b.y -> a.x", "a.z -> a.root", "a.z -> b.y", "b.y -> a.root", "a.root -> a.top"];
    const graph = below(root, edges.map(edge));
    expect(graph.order.map(tableKey)).toEqual(["a.root", "a.x", "b.y", "a.z"]);
    expect(graph.edges).toHaveLength(5);
  });

  it("keeps parallel foreign keys apart", () => {
    const graph = below(root, [edge("a.pair -> a.root"), edge("a.pair -> a.root")]);
    expect(graph.order).toHaveLength(2);
    expect(graph.edges).toHaveLength(2);
  });

  it.each([
    ["itself", ["a.root -> a.root"], "a.root <- a.root"],
    ["others", ["a.x -> a.root", "b.y -> a.x", "a.x -> b.y"], "a.x <- b.y <- a.x"],
  ])("refuses a table that depends on %s in a circle", (_what, edges, text) => {
    expect(() => below(root, edges.map(edge))).toThrow(
      expect.objectContaining({ code: "cycle", message: expect.stringContaining(text) }),
    );
  });

  it("any order of foreign keys gives an order of tables that respects them", () => {
    const pairs = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { maxLength: 30 });
    fc.assert(
      fc.property(pairs, (list) => {
        const edges = list
          .filter(([a, b]) => a !== b)
          .map(([a, b]) => edge(`a.t${Math.max(a, b)} -> a.t${Math.min(a, b)}`));
        const graph = below({ schema: "a", table: "t0" }, edges);
        const position = new Map(graph.order.map((table, index) => [tableKey(table), index]));
        expect(position.size).toBe(graph.order.length);
        for (const { parent, child } of graph.edges)
          expect(position.get(tableKey(parent))).toBeLessThan(position.get(tableKey(child)) ?? -1);
      }),
    );
  });

  it("follows foreign keys from schema to schema, reading each once", async () => {
    const edges = ["b.x -> a.root", "c.y -> b.x", "b.z -> c.y", "d.w -> e.v"].map(edge);
    const asked: string[][] = [];
    const catalog = {
      foreignKeysInto: async (_executor: Executor, schemas: readonly string[]) => {
        asked.push([...schemas]);
        return edges.filter(({ parent }) => schemas.includes(parent.schema));
      },
    } as Pick<Catalog, "foreignKeysInto"> as Catalog;
    const found = await foreignKeysBelow(catalog, {} as Executor, "a");
    expect(found.map(({ child }) => tableKey(child))).toEqual(["b.x", "c.y", "b.z"]);
    expect(asked).toEqual([["a"], ["b"], ["c"]]);
  });
});
