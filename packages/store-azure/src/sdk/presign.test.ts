import type { PresignRequest } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { bearerToken } from "../auth/token.ts";
import { testBackend } from "../testing/backend.ts";
import type { Answer, BlobServer, SeenRequest } from "../testing/blob-server.ts";
import { startBlobServer } from "../testing/blob-server.ts";

const day = 24 * 3_600_000;
const key = parseKey("a b/ü.bin");
const request: PresignRequest = { method: "GET", key, expiresInSeconds: 600 };

async function signed(options: { readonly publicEndpoint?: string }, asked: Partial<PresignRequest> = {}) {
  const backend = testBackend("http://127.0.0.1:1", options);
  const answer = await backend.presign?.(key, { ...request, ...asked });
  await backend.close();
  if (answer === undefined) throw new Error("no presign");
  return { ...answer, query: new URL(answer.url).searchParams };
}

describe("signed URLs", () => {
  it.each([
    ["GET", "r"],
    ["HEAD", "r"],
    ["PUT", "cw"],
    ["DELETE", "d"],
  ] as const)("for %s allow %s on one blob until they expire, without any request", async (method, permissions) => {
    const { url, query, expiresAt } = await signed({}, { method });
    expect(url.split("?")[0]).toBe("http://127.0.0.1:1/lab1/raw/a%20b/%C3%BC.bin");
    expect([query.get("sp"), query.get("sr"), query.get("sv")]).toEqual([permissions, "b", "2026-02-06"]);
    expect(Date.parse(query.get("se") ?? "")).toBe(expiresAt.getTime());
    expect(Math.abs(expiresAt.getTime() - Date.now() - 600_000)).toBeLessThan(60_000);
    expect(query.get("sig")).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });

  it("name the public endpoint, which the signature does not bind", async () => {
    const { url } = await signed({ publicEndpoint: "https://blobs.lab.org" });
    expect(url).toMatch(/^https:\/\/blobs\.lab\.org\/lab1\/raw\/a%20b\/%C3%BC\.bin\?/);
  });

  it("for a body of some type name the header to send with it", async () => {
    const { headers } = await signed({}, { method: "PUT", contentType: "text/csv" });
    expect(headers).toEqual({ "x-ms-blob-type": "BlockBlob", "content-type": "text/csv" });
  });

  it("of an identity are signed with one delegation key, which is kept", async () => {
    await using server = await startBlobServer(delegationKey);
    const backend = identityBackend(server);
    const first = await backend.presign?.(key, request);
    const second = await backend.presign?.(key, { ...request, expiresInSeconds: 3_600 });
    for (const answer of [first, second]) expect(new URL(answer?.url ?? "").searchParams.get("skoid")).toBe("oid");
    expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST /lab1/?comp=userdelegationkey&restype=service",
    ]);
    await expect(backend.presign?.(key, { ...request, expiresInSeconds: (8 * day) / 1_000 })).rejects.toMatchObject({
      code: "unsupported",
      message: /7 days/,
    });
    await backend.close();
  });

  it("asked for at once outlive no key, also where an older key is there", async () => {
    await using server = await startBlobServer(delegationKey);
    const backend = identityBackend(server);
    await backend.presign?.(key, request);
    const long = { ...request, expiresInSeconds: (3 * day) / 1_000 };
    for (const answer of await Promise.all([backend.presign?.(key, long), backend.presign?.(key, long)])) {
      const query = new URL(answer?.url ?? "").searchParams;
      expect(Date.parse(query.get("ske") ?? "")).toBeGreaterThanOrEqual(Date.parse(query.get("se") ?? ""));
    }
    expect(server.seen).toHaveLength(2);
    await backend.close();
  });

  it.each([600, (6.9 * day) / 1_000])(
    "for %d s have a key that lives 7 days at most, from before now",
    async (seconds) => {
      await using server = await startBlobServer(delegationKey);
      const backend = identityBackend(server);
      await backend.presign?.(key, { ...request, expiresInSeconds: seconds });
      const [start, end] = askedFor(server.seen[0]);
      // A clock that is ahead would otherwise make signatures that do not hold yet.
      expect(start).toBeLessThan(Date.now() - 60_000);
      expect(end - start).toBeLessThanOrEqual(7 * day);
      expect(end).toBeLessThan(Date.now() + 7 * day);
      await backend.close();
    },
  );
});

function identityBackend({ origin }: BlobServer): ReturnType<typeof testBackend> {
  const credential = { getToken: () => Promise.resolve({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return testBackend(origin, {}, { authorizer: bearerToken(() => Promise.resolve(credential)) });
}

function askedFor(seen: SeenRequest | undefined): readonly [start: number, end: number] {
  const time = (tag: string): number => Date.parse(new RegExp(`<${tag}>([^<]*)`).exec(String(seen?.body))?.[1] ?? "");
  return [time("Start"), time("Expiry")];
}

/** As the service does it: a key for the time that was asked for. */
function delegationKey(seen: SeenRequest): Answer {
  const [start, end] = askedFor(seen).map((time) => new Date(time).toISOString());
  const body =
    `<?xml version="1.0" encoding="utf-8"?><UserDelegationKey><SignedOid>oid</SignedOid><SignedTid>tid</SignedTid>` +
    `<SignedStart>${start}</SignedStart><SignedExpiry>${end}</SignedExpiry>` +
    `<SignedService>b</SignedService><SignedVersion>2026-02-06</SignedVersion><Value>a2V5</Value></UserDelegationKey>`;
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}
