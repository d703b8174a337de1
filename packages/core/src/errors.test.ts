import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ConfigError, DefinitionError, isMortiseError, isStoreError, MortiseError, StoreError } from "./errors.ts";

const storeError = new StoreError("unavailable", "put of a/b failed", {
  operation: "put",
  store: "main",
  status: 503,
  hint: "Try again later.",
  cause: Object.assign(new Error("connect https://user:hunter2@host"), { code: "ECONNRESET" }),
});

describe("MortiseError", () => {
  it("prints its code, message and hint", () => {
    expect(String(storeError)).toBe("StoreError [unavailable]: put of a/b failed\n  hint: Try again later.");
    expect(String(new MortiseError("x", "y"))).toBe("MortiseError [x]: y");
  });

  it("shows the hint and the fields to console.log and where it is not caught", () => {
    const shown = inspect(storeError);
    expect(shown).toMatch(/^StoreError: put of a\/b failed\n\s+at /);
    expect(shown).toContain("hint: 'Try again later.'");
    expect(shown).toContain("status: 503");
    expect(shown).not.toContain("mortise.error");
    expect(inspect(new DefinitionError("syntax", "bad", { line: 2, column: 3 }))).toContain("line: 2");
  });

  it("becomes JSON without what a foreign cause says", () => {
    expect(JSON.parse(JSON.stringify(storeError))).toEqual({
      name: "StoreError",
      code: "unavailable",
      message: "put of a/b failed",
      hint: "Try again later.",
      operation: "put",
      store: "main",
      retryable: true,
      status: 503,
      cause: { name: "Error", code: "ECONNRESET" },
    });
    expect(JSON.stringify(storeError)).not.toContain("hunter2");
  });

  it("keeps the causes that are its own", () => {
    const error = new ConfigError("invalid-store", "bad", { cause: storeError, problems: [] });
    expect(error.toJSON()).toMatchObject({
      problems: [],
      cause: { code: "unavailable", cause: { code: "ECONNRESET" } },
    });
    expect(new MortiseError("a", "b", { cause: "text" }).toJSON()).toMatchObject({ cause: { name: "string" } });
    expect(new MortiseError("a", "b", { cause: null }).toJSON()).toMatchObject({ cause: { name: "object" } });
  });

  it("is known by a brand, so that another copy's errors count too", () => {
    const foreign = Object.assign(new Error("x"), {
      "~mortise.error": true,
      code: "not-found",
      operation: "get",
    });
    expect(isMortiseError(foreign)).toBe(true);
    expect(isStoreError(foreign, "not-found")).toBe(true);
    expect(isStoreError(foreign, "timeout")).toBe(false);
    expect(isMortiseError(new Error("x"))).toBe(false);
    expect(isMortiseError(null)).toBe(false);
    expect(isStoreError(new ConfigError("x", "y"))).toBe(false);
  });

  it("says which store errors are worth another try", () => {
    const details = { operation: "get", store: "main" };
    expect(new StoreError("timeout", "x", details).retryable).toBe(true);
    expect(new StoreError("not-found", "x", details).retryable).toBe(false);
    expect(new StoreError("not-found", "x", { ...details, retryable: true }).retryable).toBe(true);
  });
});
