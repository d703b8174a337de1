import { hash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createIdentity } from "../connect/identity.ts";
import type { Received } from "../testing/server.ts";
import { errorBody, scriptedServer } from "../testing/server.ts";
import { backendOn, call, targetOn } from "../testing/target.ts";

const written = { headers: { etag: '"e1"' } };

describe("a request", () => {
  it("signs the digest of the body, so that a server can refuse another, and never leaves it out", async () => {
    await using server = await scriptedServer(() => written);
    const backend = backendOn(targetOn(server.endpoint));
    const body = new TextEncoder().encode("hello");
    expect(await backend.put("a b/ö", body, { ...call, metadata: { one: "1" } })).toEqual({
      etag: "e1",
      version: undefined,
    });
    const [sent] = server.requests;
    expect(sent).toMatchObject({ method: "PUT", url: "/bucket/a%20b/%C3%B6", body: Buffer.from("hello") });
    expect(sent?.headers["x-amz-content-sha256"]).toBe(hash("sha256", "hello"));
    expect(sent?.headers.authorization).toContain(
      "/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-meta-one, Signature=",
    );
    expect(Object.keys(sent?.headers ?? {})).not.toContain("x-amz-checksum-sha256");
    await backend.close();
  });

  it("has a checksum header where that is asked for", async () => {
    await using server = await scriptedServer(() => written);
    const backend = backendOn(targetOn(server.endpoint), true);
    await backend.put("a", new TextEncoder().encode("hello"), call);
    expect(server.requests[0]?.headers["x-amz-checksum-sha256"]).toBe(hash("sha256", "hello", "base64"));
    await backend.close();
  });

  it("frees the socket of an answer that is too long to be one", async () => {
    await using server = await scriptedServer(() => ({ ...written, body: "<".repeat(100_000) }));
    const backend = backendOn(targetOn(server.endpoint));
    for (const name of ["a", "b", "c"]) await Promise.allSettled([backend.put(name, new Uint8Array(1), call)]);
    await Promise.allSettled([backend.delete("a", call)]);
    expect(server.requests).toHaveLength(4);
    await expect.poll(() => server.sockets()).toBe(0);
    await backend.close();
  });

  it("carries the session token, signed", async () => {
    await using server = await scriptedServer(() => written);
    const identity = createIdentity({ accessKeyId: "a", secretAccessKey: "b", sessionToken: "t" });
    const backend = backendOn(targetOn(server.endpoint, { identity }));
    await backend.put("a", new Uint8Array(), call);
    expect(server.requests[0]?.headers["x-amz-security-token"]).toBe("t");
    expect(server.requests[0]?.headers.authorization).toContain("x-amz-security-token,");
    await backend.close();
  });
});

describe("a refusal that teaches", () => {
  it("a wrong clock is corrected by the server's, once, and told", async () => {
    const date = new Date(Date.now() + 3 * 3_600_000);
    const skewed = { status: 403, headers: { date: date.toUTCString() }, body: errorBody("RequestTimeTooSkewed") };
    await using server = await scriptedServer((_, count) => (count === 1 ? skewed : written));
    const warnings: string[] = [];
    const logger = { debug: () => undefined, warn: (event: string) => void warnings.push(event) };
    const backend = backendOn(targetOn(server.endpoint, { logger }));
    await backend.put("a", new Uint8Array(1), call);
    await backend.put("b", new Uint8Array(1), call);
    expect(server.requests).toHaveLength(3);
    expect(server.requests[2]?.headers["x-amz-date"]).toContain(date.toISOString().slice(0, 13).replaceAll("-", ""));
    expect(warnings).toHaveLength(1);
    await backend.close();
  });

  it("a clock that the server goes on refusing is an error, not an endless attempt", async () => {
    const date = new Date(Date.now() + 3 * 3_600_000).toUTCString();
    await using server = await scriptedServer(() => ({
      status: 403,
      headers: { date },
      body: errorBody("RequestTimeTooSkewed"),
    }));
    const backend = backendOn(targetOn(server.endpoint));
    await expect(backend.put("a", new Uint8Array(1), call)).rejects.toMatchObject({ hint: /set this machine's clock/ });
    expect(server.requests).toHaveLength(2);
    await backend.close();
  });

  it("a custom server's region is taken over where none is configured", async () => {
    const wrong = { status: 400, body: errorBody("AuthorizationHeaderMalformed", "<Region>lab-1</Region>") };
    await using server = await scriptedServer((_, count) => (count === 1 ? wrong : written));
    const backend = backendOn(targetOn(server.endpoint));
    await backend.put("a", new Uint8Array(1), call);
    expect(server.requests[1]?.headers.authorization).toContain("/lab-1/s3/aws4_request");
    await backend.close();
  });

  it("an expired session of a provider is renewed", async () => {
    let asked = 0;
    const identity = createIdentity(async () => ({ accessKeyId: `AK${++asked}`, secretAccessKey: "s" }));
    const expired = { status: 400, body: errorBody("ExpiredToken") };
    await using server = await scriptedServer((_, count) => (count === 1 ? expired : written));
    const backend = backendOn(targetOn(server.endpoint, { identity }));
    await backend.put("a", new Uint8Array(1), call);
    expect(server.requests[1]?.headers.authorization).toContain("Credential=AK2/");
    await backend.close();
  });

  const several = Array.from({ length: 8 }, (_, index) => `${index}`);
  const signedFor = ({ headers }: Received): string => `${headers.authorization} ${String(headers["x-amz-date"])}`;

  it.each([
    ["the clock", "RequestTimeTooSkewed", new Date(Date.now() + 3 * 3_600_000)],
    ["the region", "AuthorizationHeaderMalformed", new Date()],
  ])("corrects %s of every request that was signed before, not only of the first", async (_what, code, date) => {
    const right =
      code === "RequestTimeTooSkewed" ? ` ${date.toISOString().slice(0, 13).replaceAll("-", "")}` : "/lab-1/";
    const headers = { date: date.toUTCString() };
    const refused = { status: 400, headers, body: errorBody(code, "<Region>lab-1</Region>") };
    const list = { headers, body: "<ListBucketResult><Name>bucket</Name></ListBucketResult>" };
    await using server = await scriptedServer((request) => {
      if (!signedFor(request).includes(right)) return refused;
      return request.method === "GET" ? list : { headers: { ...headers, etag: '"e1"' } };
    });
    const writer = backendOn(targetOn(server.endpoint));
    await Promise.all(several.map((name) => writer.put(name, new Uint8Array(1), call)));
    await writer.close();
    const lister = backendOn(targetOn(server.endpoint));
    await Promise.all(several.map((prefix) => lister.list({ ...call, prefix, limit: 1 })));
    await lister.close();
  });

  it("renews credentials once for all requests that were refused with the old ones", async () => {
    let asked = 0;
    const identity = createIdentity(async () => ({ accessKeyId: `AK${++asked}`, secretAccessKey: "s" }));
    const expired = { status: 400, body: errorBody("ExpiredToken") };
    await using server = await scriptedServer((request) => (signedFor(request).includes("=AK1/") ? expired : written));
    const backend = backendOn(targetOn(server.endpoint, { identity }));
    await Promise.all(several.map((name) => backend.put(name, new Uint8Array(1), call)));
    expect(asked).toBe(2);
    await backend.close();
  });

  it("a write that is denied is tried once more, since MinIO denies those that meet a deletion", async () => {
    const denied = { status: 403, body: errorBody("AccessDenied") };
    await using server = await scriptedServer((_, count) => (count === 1 ? denied : written));
    const backend = backendOn(targetOn(server.endpoint));
    expect(await backend.put("a", new Uint8Array(1), call)).toMatchObject({ etag: "e1" });
    await backend.close();
    await using other = await scriptedServer(() => denied);
    const refused = backendOn(targetOn(other.endpoint));
    await expect(refused.put("a", new Uint8Array(1), call)).rejects.toMatchObject({ code: "permission-denied" });
    expect(other.requests).toHaveLength(2);
    await refused.close();
  });

  it("holds for the SDK's requests too", async () => {
    const list = "<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated></ListBucketResult>";
    const date = new Date(Date.now() + 3 * 3_600_000);
    const skewed = { status: 403, headers: { date: date.toUTCString() }, body: errorBody("RequestTimeTooSkewed") };
    await using server = await scriptedServer((_, count) => (count === 1 ? skewed : { body: list }));
    const backend = backendOn(targetOn(server.endpoint));
    expect((await backend.list({ ...call, prefix: "", limit: 10 })).objects).toEqual([]);
    expect(server.requests[1]?.headers["x-amz-date"]).toContain(date.toISOString().slice(0, 13).replaceAll("-", ""));
    await backend.close();
  });
});
