import { describe, it } from "vitest";
import { conformanceCases } from "../conformance/cases.ts";
import { runConformanceCase } from "../conformance/run.ts";
import { createMemoryContent } from "../memory/content.ts";
import { createSignedStore } from "./signed-store.ts";

const content = createMemoryContent();

describe("a store whose signed requests are right", () => {
  it.each(conformanceCases().filter(({ id }) => id.startsWith("presign.")))("passes $id", async (each) => {
    await runConformanceCase(each, () => createSignedStore(content));
  });
});
