import { compareKeys } from "@mortise/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Named, PageStart, Position, ServerPage } from "./byte-order.ts";
import { orderedPage, startAfterName } from "./byte-order.ts";

type Compare = (left: string, right: string) => number;
const byUnits: Compare = (left, right) => (left < right ? -1 : left > right ? 1 : 0);

/** A server that lists in its own order, by folders or not, in pages; a marker is the last name shown. */
function server(names: readonly string[], order: Compare, pageSize: number, folders: boolean) {
  return async ({ marker, from }: PageStart): Promise<ServerPage<Named>> => {
    const shown = names
      .filter((name) => from === undefined || order(name, from) >= 0)
      .map((name) => (folders && name.includes("/") ? name.slice(0, name.indexOf("/") + 1) : name));
    const left = [...new Set(shown)].sort(order).filter((name) => marker === undefined || order(name, marker) > 0);
    const page = left.slice(0, pageSize);
    return { items: page.map((name) => ({ name })), next: left.length > pageSize ? page.at(-1) : undefined };
  };
}

async function listed(
  fetch: (start: PageStart) => Promise<ServerPage<Named>>,
  start: Position = {},
): Promise<string[]> {
  const found: string[] = [];
  let position: Position | undefined = start;
  while (position !== undefined) {
    const page: { readonly items: readonly Named[]; readonly next: Position | undefined } = await orderedPage(
      fetch,
      position,
    );
    found.push(...page.items.map(({ name }) => name));
    position = page.next;
  }
  return found;
}

// Letters of both sides of the surrogates, and deep names, so that groups lie in groups.
const name = fc
  .array(fc.constantFrom("a", "b", "/", "\u{1f600}", "\u{1f601}", "\ue000", "\uff01", "\ud7ff", "\u{10ffff}"), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join(""));
const namesOf = fc.uniqueArray(name, { maxLength: 30 });
const orderOf = fc.constantFrom<Compare>(byUnits, compareKeys);

describe("listings in byte order", () => {
  it("show every name once and in order, whatever the server's order and page size", async () => {
    await fc.assert(
      fc.asyncProperty(namesOf, orderOf, fc.integer({ min: 1, max: 8 }), async (names, order, pageSize) => {
        expect(await listed(server(names, order, pageSize, false))).toEqual([...names].sort(compareKeys));
      }),
      { numRuns: 500 },
    );
  });

  it("do so by folders too", async () => {
    await fc.assert(
      fc.asyncProperty(namesOf, orderOf, fc.integer({ min: 1, max: 8 }), async (names, order, pageSize) => {
        const folders = names.map((each) => (each.includes("/") ? each.slice(0, each.indexOf("/") + 1) : each));
        expect(await listed(server(names, order, pageSize, true))).toEqual([...new Set(folders)].sort(compareKeys));
      }),
      { numRuns: 500 },
    );
  });

  it("begin after any name, a key or not", async () => {
    await fc.assert(
      fc.asyncProperty(
        namesOf,
        name,
        orderOf,
        fc.integer({ min: 1, max: 8 }),
        async (names, after, order, pageSize) => {
          const expected = names.filter((each) => compareKeys(each, after) > 0).sort(compareKeys);
          expect(await listed(server(names, order, pageSize, false), { from: startAfterName(after), after })).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it("ask a server for each page once where no name needs another order", async () => {
    let requests = 0;
    const names = Array.from({ length: 100 }, (_, index) => `日本/${index}`);
    const fetch = server(names, byUnits, 10, false);
    await listed((start) => {
      requests++;
      return fetch(start);
    });
    expect(requests).toBe(10);
  });
});
