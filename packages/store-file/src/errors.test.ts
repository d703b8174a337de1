import { parseKey, StoreError } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { systemError } from "./errors.ts";

const site = { operation: "put", store: "raw", key: parseKey("a/b") };
const system = (code: string): Error => Object.assign(new Error(`${code}: something`), { code });

describe("what a system error means", () => {
  it.each([
    ["ENOENT", "not-found"],
    ["EEXIST", "already-exists"],
    ["EACCES", "permission-denied"],
    ["EROFS", "permission-denied"],
    ["ENOSPC", "quota-exceeded"],
    ["EDQUOT", "quota-exceeded"],
    ["ENAMETOOLONG", "invalid-key"],
    ["EXDEV", "invalid-config"],
    ["EMFILE", "unavailable"],
    ["EIO", "unavailable"],
    ["EWHATEVER", "unknown"],
  ])("%s is %s", (code, expected) => {
    const cause = system(code);
    expect(systemError(site, cause)).toMatchObject({
      code: expected,
      operation: "put",
      store: "raw",
      key: "a/b",
      cause,
      message: expect.stringContaining(code) as string,
    });
  });

  it("says what to do about a full disk and a denied folder", () => {
    expect(systemError(site, system("ENOSPC"))).toMatchObject({
      hint: expect.stringContaining("free space") as string,
    });
    expect(systemError(site, system("EACCES"))).toMatchObject({ hint: expect.stringContaining("user") as string });
  });

  it("passes errors that are worded already", () => {
    const worded = new StoreError("timeout", "late", site);
    expect(systemError(site, worded)).toBe(worded);
  });

  it("calls a failing disk not retryable", () => {
    expect(systemError(site, system("EIO"))).toMatchObject({ retryable: false });
  });
});
