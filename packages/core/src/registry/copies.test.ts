import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Codec } from "../codec/contract.ts";
import { hashCodec } from "../codec/hash-codec.ts";
import { isMortiseError } from "../errors.ts";
import type * as Core from "../index.ts";
import { coreOrigin, definePlugin } from "./copies.ts";
import { defaultRegistry } from "./default-registry.ts";
import { createRegistry } from "./registry.ts";

let folder: string;
let other: typeof Core;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mortise-core-copy-"));
  const source = fileURLToPath(new URL("../../", import.meta.url));
  await cp(join(source, "src"), join(folder, "src"), { recursive: true });
  await cp(join(source, "package.json"), join(folder, "package.json"));
  other = (await import(pathToFileURL(join(folder, "src/index.ts")).href)) as typeof Core;
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const codec = (name: string, origin = "file:///elsewhere/codec.js"): Codec => ({
  ...(hashCodec as Codec),
  name,
  origin,
});

describe("a second copy of core", () => {
  it("is another one, yet its errors are known here", () => {
    expect(other.createRegistry).not.toBe(createRegistry);
    expect(() => other.parseKey("..")).toThrow();
    try {
      other.parseKey("..");
    } catch (error) {
      expect(isMortiseError(error, "invalid-key")).toBe(true);
    }
  });

  it("is no error as long as each copy has its own plugins", () => {
    const mine = definePlugin(codec("mine"));
    expect(createRegistry([mine]).codec("mine")).toBe(mine);
    const theirs = other.definePlugin(codec("theirs"));
    expect(other.createRegistry([theirs]).codec("theirs")).toBe(theirs);
  });

  it("is an error that names both origins when its plugin comes into our registry", () => {
    const theirs = other.definePlugin(codec("theirs"));
    expect.assertions(4);
    try {
      createRegistry([theirs]);
    } catch (error) {
      expect(isMortiseError(error, "two-cores")).toBe(true);
      expect(String(error)).toContain(coreOrigin);
      expect(String(error)).toContain(folder);
      expect(String(error)).toContain("npm ls @mortise/core");
    }
  });

  it("is an error when it brings its built-in codec along", () => {
    expect(() => createRegistry([other.hashCodec])).toThrow("another copy of @mortise/core");
  });

  it("is an error for a plugin of unknown copy, because a wrong one must not go unnoticed", () => {
    expect(() => createRegistry([codec("unmarked")])).toThrow("another copy of @mortise/core");
  });

  it("is an error when a project opens with what /register modules of both copies have added", () => {
    other.registerPlugin(codec("registered"));
    expect(() => defaultRegistry()).toThrow("another copy of @mortise/core");
    expect(other.defaultRegistry().findCodec("registered")).toBeDefined();
  });
});
