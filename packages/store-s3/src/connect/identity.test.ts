import { inspect } from "node:util";
import { Secret } from "@mortise/core";
import { describe, expect, it, vi } from "vitest";
import { checkCredentials, createIdentity } from "./identity.ts";

const site = { operation: "open", store: "s3" };
const keys = { accessKeyId: "AK", secretAccessKey: "hush" };

describe("an identity", () => {
  it("has keys that were given at once, and never shows them", () => {
    const identity = createIdentity({ ...keys, sessionToken: "token" });
    const known = identity.current();
    expect(known?.secretAccessKey.reveal()).toBe("hush");
    expect(inspect(known, { depth: 9 }) + JSON.stringify(known)).not.toMatch(/hush|token"/);
    if (known === undefined) throw new Error("they were given");
    expect(identity.invalidate(known)).toBe(false);
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
    expect(all.map((known) => identity.invalidate(known))).toEqual([true, true, true]);
    expect(identity.current()).toBeUndefined();
    expect((await identity.refresh(site)).accessKeyId.reveal()).toBe("AK2");
    expect(asked).toBe(2);
  });

  it("keeps credentials that live for minutes, or every request would ask for them", async () => {
    const expiration = new Date(Date.now() + 60_000);
    const identity = createIdentity(async () => ({ ...keys, expiration }));
    const given = await identity.refresh(site);
    expect(identity.current()).toBe(given);
    const over = createIdentity(async () => ({ ...keys, expiration: new Date(Date.now() - 1) }));
    await over.refresh(site);
    expect(over.current()).toBeUndefined();
  });

  it("keeps the new credentials when the old ones are refused late", async () => {
    const identity = createIdentity(async () => keys);
    const old = await identity.refresh(site);
    expect(identity.invalidate(old)).toBe(true);
    const renewed = await identity.refresh(site);
    expect(identity.invalidate(old)).toBe(true);
    expect(identity.current()).toBe(renewed);
  });

  it("does not wait for ever for a provider, and asks again the next time", async () => {
    let asked = 0;
    const silent = new Promise<never>(() => undefined);
    const identity = createIdentity(() => (++asked === 1 ? silent : Promise.resolve(keys)));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const waiting = expect(identity.refresh(site)).rejects.toMatchObject({ code: "timeout", retryable: true });
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    await waiting;
    expect((await identity.refresh(site)).accessKeyId.reveal()).toBe("AK");
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
