import { inspect } from "node:util";
import { Secret } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { checkCredentials, createIdentity } from "./identity.ts";

const site = { operation: "open", store: "s3" };
const keys = { accessKeyId: "AK", secretAccessKey: "hush" };

describe("an identity", () => {
  it("has keys that were given at once, and never shows them", () => {
    const identity = createIdentity({ ...keys, sessionToken: "token" });
    const known = identity.current();
    expect(known?.secretAccessKey.reveal()).toBe("hush");
    expect(inspect(known, { depth: 9 }) + JSON.stringify(known)).not.toMatch(/hush|token"/);
    expect(identity.invalidate()).toBe(false);
    expect(identity.redact("AK says hush to token")).toBe("[secret] says [secret] to [secret]");
  });

  it("asks a provider once for any number of callers, and again when the credentials end or are refused", async () => {
    let asked = 0;
    let expiration = new Date(Date.now() + 3_600_000);
    const identity = createIdentity(async () => ({ ...keys, accessKeyId: `AK${++asked}`, expiration }));
    expect(identity.current()).toBeUndefined();
    const all = await Promise.all([1, 2, 3].map(() => identity.refresh(site)));
    expect(new Set(all).size).toBe(1);
    expect(identity.current()).toBe(all[0]);
    expiration = new Date(Date.now() + 60_000);
    expect(identity.invalidate()).toBe(true);
    expect(identity.current()).toBeUndefined();
    expect((await identity.refresh(site)).accessKeyId.reveal()).toBe("AK2");
    // It ends within minutes: the next request asks again.
    expect(identity.current()).toBeUndefined();
    expect(asked).toBe(2);
  });

  it.each([
    ["fails", () => Promise.reject(new Error("no profile"))],
    ["answers nothing", () => Promise.resolve({ accessKeyId: "", secretAccessKey: "" })],
  ])("is unauthenticated where its provider %s, and can try again", async (_what, provider) => {
    const identity = createIdentity(provider);
    await expect(identity.refresh(site)).rejects.toMatchObject({ code: "unauthenticated", hint: /access_key/ });
    await expect(identity.refresh(site)).rejects.toMatchObject({ code: "unauthenticated" });
  });
});

describe("credentials", () => {
  it("are both or neither", () => {
    expect(checkCredentials(site, keys)).toBe(keys);
    expect(checkCredentials(site, {})).toBeUndefined();
    expect(checkCredentials(site, { accessKeyId: "", secretAccessKey: new Secret("") })).toBeUndefined();
  });

  it.each([{ accessKeyId: "AK" }, { secretAccessKey: new Secret("hush") }, { sessionToken: "token" }])(
    "are refused where half of them is given",
    (half) => {
      expect(() => checkCredentials(site, half)).toThrow(
        expect.objectContaining({
          code: "invalid-config",
          message: expect.stringContaining("incomplete") as string,
        }) as Error,
      );
    },
  );
});
