import type { StoreContext, StorePlugin, StoreSpec } from "@mortise/core";
import { apiVersion } from "@mortise/core";
import type { MemoryContent } from "./content.ts";
import { createMemoryContent } from "./content.ts";
import { createMemoryStore } from "./memory-store.ts";

const shared = new Map<string, MemoryContent>();

/** Stores with `"protocol": "memory"`, for the tests of projects. Stores of one location share their objects. */
export const memoryStore: StorePlugin = {
  kind: "store",
  apiVersion,
  name: "memory",
  origin: import.meta.url,
  protocols: ["memory"],
  urlSchemes: ["memory"],
  keys: [
    {
      name: "location",
      type: "string",
      description:
        "Any text: stores of one location share their objects until the process ends. Default: shared with no other.",
    },
  ],
  async open(spec: StoreSpec, { storeName }: StoreContext) {
    const { location } = spec;
    if (typeof location !== "string" || location === "") return createMemoryStore({ storeName });
    const content = shared.get(location) ?? createMemoryContent();
    shared.set(location, content);
    return createMemoryStore({ storeName, content });
  },
};
