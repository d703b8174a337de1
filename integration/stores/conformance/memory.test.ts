import { createMemoryStore } from "@mortise/store-testkit";
import { testConformance } from "./suite.ts";

await testConformance({
  name: "memory",
  start: async () => ({ open: createMemoryStore, async [Symbol.asyncDispose]() {} }),
});
