import type { PresignRequest } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { bearerToken } from "../auth/token.ts";
import { testBackend } from "../testing/backend.ts";
import { startBlobServer } from "../testing/blob-server.ts";

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
    const now = Date.now();
    const until = new Date(now + 6 * 24 * 3_600_000).toISOString();
    const body =
      `<?xml version="1.0" encoding="utf-8"?><UserDelegationKey><SignedOid>oid</SignedOid><SignedTid>tid</SignedTid>` +
      `<SignedStart>${new Date(now).toISOString()}</SignedStart><SignedExpiry>${until}</SignedExpiry>` +
      `<SignedService>b</SignedService><SignedVersion>2026-02-06</SignedVersion><Value>a2V5</Value></UserDelegationKey>`;
    await using server = await startBlobServer(() => ({
      status: 200,
      headers: { "content-type": "application/xml" },
      body,
    }));
    const credential = { getToken: () => Promise.resolve({ token: "t", expiresOnTimestamp: now + 3_600_000 }) };
    const authorizer = bearerToken(() => Promise.resolve(credential));
    const backend = testBackend(server.origin, {}, { authorizer });
    const first = await backend.presign?.(key, request);
    const second = await backend.presign?.(key, { ...request, expiresInSeconds: 3_600 });
    for (const answer of [first, second]) expect(new URL(answer?.url ?? "").searchParams.get("skoid")).toBe("oid");
    expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST /lab1/?comp=userdelegationkey&restype=service",
    ]);
    await expect(backend.presign?.(key, { ...request, expiresInSeconds: 8 * 24 * 3_600 })).rejects.toMatchObject({
      code: "unsupported",
      message: /7 days/,
    });
    await backend.close();
  });
});
