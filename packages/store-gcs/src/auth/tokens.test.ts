import { describe, expect, it } from "vitest";
import { createTokens } from "./tokens.ts";

const site = { operation: "test", store: "raw" };

function clientOf(lifeMs: number | undefined) {
  const state = { now: 1_000_000, asked: 0 };
  const client = {
    credentials: {} as { expiry_date?: number },
    setCredentials(credentials: object) {
      client.credentials = credentials;
    },
    async getAccessToken() {
      state.asked++;
      if (lifeMs !== undefined) client.credentials = { expiry_date: state.now + lifeMs };
      return { token: `t${state.asked}` };
    },
  };
  return {
    state,
    client,
    tokens: createTokens(
      () => Promise.resolve(client),
      () => state.now,
    ),
  };
}

describe("tokens", () => {
  it("are asked for once by all who need one", async () => {
    const { state, tokens } = clientOf(3_600_000);
    expect(tokens.current()).toBeUndefined();
    expect(await Promise.all([tokens.fetch(site), tokens.fetch(site)])).toEqual(["Bearer t1", "Bearer t1"]);
    expect([tokens.current(), state.asked]).toEqual(["Bearer t1", 1]);
  });

  it("are no longer used shortly before they expire", async () => {
    const { state, tokens } = clientOf(3_600_000);
    await tokens.fetch(site);
    state.now += 3_600_000 - 5 * 60_000;
    expect(tokens.current()).toBe("Bearer t1");
    state.now += 2 * 60_000;
    expect(tokens.current()).toBeUndefined();
  });

  it("are asked for again after a minute where their life is not told", async () => {
    const { state, tokens } = clientOf(undefined);
    await tokens.fetch(site);
    state.now += 60_001;
    expect(tokens.current()).toBeUndefined();
  });

  it("make the client forget its own copy where the server refused one", async () => {
    const { client, tokens } = clientOf(3_600_000);
    const used = await tokens.fetch(site);
    expect(tokens.renew(used)).toBe(true);
    const expiries: unknown[] = [];
    const setCredentials = client.setCredentials.bind(client);
    client.setCredentials = (credentials) => {
      expiries.push((credentials as { expiry_date: number }).expiry_date);
      setCredentials(credentials);
    };
    expect(await tokens.fetch(site)).toBe("Bearer t2");
    expect(expiries).toEqual([1]);
    // Whoever was refused with the old one meanwhile has a new one to try.
    expect(tokens.renew(used)).toBe(true);
  });

  it("that can't be had are an error that says how to get some", async () => {
    const tokens = createTokens(() => Promise.reject(new Error("Could not load the default credentials.")));
    await expect(tokens.fetch(site)).rejects.toMatchObject({ code: "unauthenticated" });
  });
});
