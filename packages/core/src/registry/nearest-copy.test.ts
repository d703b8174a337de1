import { describe, expect, it } from "vitest";
import type { Codec } from "../codec/contract.ts";
import { hashCodec } from "../codec/hash-codec.ts";
import { coreOrigin, foreignCore } from "./copies.ts";

// What a nested installation leaves in the process: one copy for the application, one below a plugin.
const nested = "file:///app/node_modules/@x/codec/node_modules/@mortise/core/dist/index.js";
const hoisted = "file:///app/node_modules/@mortise/core/dist/index.js";
const copies = (globalThis as { [key: symbol]: unknown })[Symbol.for("mortise.core.copies.v1")] as object[];
const codec = (origin: string): Codec => ({ ...(hashCodec as Codec), name: "x", origin });

describe("a plugin without a mark", () => {
  it("belongs to the only copy there is", () => {
    expect(copies).toHaveLength(1);
    expect(foreignCore(codec("file:///anywhere/x.js"))).toBeUndefined();
  });

  it("belongs to the copy that Node resolves from its place", () => {
    copies.push({ origin: nested, apiVersion: 1 }, { origin: hoisted, apiVersion: 1 });
    expect(foreignCore(codec("file:///app/node_modules/@x/codec/dist/index.js"))).toBe(nested);
    expect(foreignCore(codec("file:///app/node_modules/@y/codec/dist/index.js"))).toBe(hoisted);
    expect(foreignCore(hashCodec as Codec)).toBeUndefined();
    copies.length = 1;
    expect(copies).toMatchObject([{ origin: coreOrigin }]);
  });
});
