import { describe, expect, it } from "vitest";
import { bearerToken } from "./token.ts";

const site = { operation: "get", store: "raw" };
const minute = 60_000;

/** An authorizer over a credential that counts what it is asked for, and a clock that is set by hand. */
function counting(life: number, refreshAfter?: number) {
  const clock = { now: 1_000_000 };
  const asked: unknown[] = [];
  const credential = {
    async getToken(scope: unknown) {
      asked.push(scope);
      return {
        token: `t${asked.length}`,
        expiresOnTimestamp: clock.now + life,
        ...(refreshAfter === undefined ? {} : { refreshAfterTimestamp: clock.now + refreshAfter }),
      };
    },
  };
  const authorizer = bearerToken(
    () => Promise.resolve(credential),
    () => clock.now,
  );
  const header = async (): Promise<string | undefined> => {
    const headers: Record<string, string> = {};
    await authorizer.authorize({ method: "GET", path: "/", query: [], headers, length: 0, site });
    return headers["authorization"];
  };
  return { clock, asked, authorizer, header };
}

describe("bearer tokens", () => {
  it("are asked for once, however many requests wait, and for the storage scope", async () => {
    const { asked, header } = counting(60 * minute);
    expect(await Promise.all([header(), header(), header()])).toEqual(["Bearer t1", "Bearer t1", "Bearer t1"]);
    expect(await header()).toBe("Bearer t1");
    expect(asked).toEqual(["https://storage.azure.com/.default"]);
  });

  it("are replaced shortly before they end", async () => {
    const { clock, header } = counting(10 * minute);
    expect(await header()).toBe("Bearer t1");
    clock.now += 7.9 * minute;
    expect(await header()).toBe("Bearer t1");
    clock.now += 0.2 * minute;
    expect(await header()).toBe("Bearer t2");
  });

  it("are replaced in the background when the credential says so, while the old one is used", async () => {
    const { clock, asked, header } = counting(60 * minute, 30 * minute);
    await header();
    clock.now += 31 * minute;
    expect(await header()).toBe("Bearer t1");
    expect(asked.length).toBe(2);
    expect(await header()).toBe("Bearer t2");
  });

  it("are asked for anew after the server refused one", async () => {
    const { authorizer, header } = counting(60 * minute);
    await header();
    authorizer.refused?.();
    expect(await header()).toBe("Bearer t2");
    expect(await authorizer.bearer?.(site)).toBe("t2");
  });

  it("that can't be had are an error that says how to log in, and the next request tries again", async () => {
    let fails = true;
    const credential = {
      getToken: () =>
        fails
          ? Promise.reject(new Error("no identity at https://login?client_secret=hunter2"))
          : Promise.resolve({ token: "t", expiresOnTimestamp: Date.now() + 60 * minute }),
    };
    const authorizer = bearerToken(() => Promise.resolve(credential));
    const failed: unknown = await authorizer.bearer?.(site).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "unauthenticated", operation: "get", store: "raw", hint: /az login/ });
    expect(String((failed as Error).cause)).not.toContain("hunter2");
    fails = false;
    expect(await authorizer.bearer?.(site)).toBe("t");
  });
});
