import { describe, it } from "vitest";
import { storeConformance } from "../conformance/run.ts";
import { createMemoryContent } from "./content.ts";
import { createMemoryStore } from "./memory-store.ts";

const content = createMemoryContent();
await storeConformance({ name: "memory", describe, it, open: () => createMemoryStore({ content }) });

const bare = createMemoryContent();
await storeConformance({
  name: "memory that can do least",
  describe,
  it,
  open: () =>
    createMemoryStore({
      content: bare,
      chunkBytes: 10_000,
      multipart: false,
      capabilities: {
        putModes: new Set(),
        conditionalDelete: false,
        checksums: new Set(),
        ranges: false,
        serverSideCopy: false,
        atomicMove: false,
        metadata: false,
      },
    }),
});

const strict = createMemoryContent();
await storeConformance({
  name: "memory that takes parts in order",
  describe,
  it,
  open: () =>
    createMemoryStore({
      content: strict,
      multipart: { minPart: 1_000, maxPart: 5_000, maxParts: 9, multiple: 100, sequential: true },
    }),
});
