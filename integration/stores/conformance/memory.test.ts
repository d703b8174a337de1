import { createMemoryContent, createMemoryStore } from "@mortise/store-testkit";
import { testConformance } from "./suite.ts";

const content = createMemoryContent();

await testConformance({
  name: "memory",
  start: async () => ({ open: () => createMemoryStore({ content }), async [Symbol.asyncDispose]() {} }),
});
