import { defaultRegistry } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { fileStore } from "./plugin.ts";

describe("the file plugin", () => {
  it("is in the default registry once its register module is imported", async () => {
    await import("./register.ts");
    expect(defaultRegistry().store("file")).toBe(fileStore);
  });

  it("keeps what only Mortise knows out of the shared configuration", () => {
    expect(fileStore.keys.filter((key) => key.mortiseOnly === true).map((key) => key.name)).toEqual(["durability"]);
  });
});
