import { expect, it } from "vitest";
import { createMemoryContent } from "../memory/content.ts";
import { createMemoryStore } from "../memory/memory-store.ts";
import type { ConformanceCase } from "./case.ts";
import { text } from "./case.ts";
import { runConformanceCase } from "./run.ts";

const failing: ConformanceCase = {
  id: "test.fails",
  title: "leaves an object and fails",
  requires: [],
  async run({ store, key }) {
    await store.put(key("a"), text("x"));
    throw new Error("by the case");
  },
};

it("tells the failure of the case, and removes what it left, although closing fails too", async () => {
  const content = createMemoryContent();
  let opened = 0;
  const open = () => {
    const store = createMemoryStore({ content });
    opened++;
    return opened === 1 ? Object.assign(store, { close: () => Promise.reject(new Error("by close")) }) : store;
  };
  await expect(runConformanceCase(failing, open)).rejects.toThrow("by the case");
  const keys = [];
  for await (const page of createMemoryStore({ content }).list()) keys.push(...page.objects);
  expect(keys).toEqual([]);
});
