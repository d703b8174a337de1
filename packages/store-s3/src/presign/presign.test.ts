import type { PresignRequest } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { createBackend } from "../backend.ts";
import { createIdentity } from "../connect/identity.ts";
import { targetOn } from "../testing/target.ts";

const key = parseKey("a b/c.bin");
const endpoint = "http://127.0.0.1:1";

function presigner(publicEndpoint?: string, expiration?: Date) {
  const identity = createIdentity({ accessKeyId: "AKIDEXAMPLE", secretAccessKey: "hush", expiration });
  const target = targetOn(endpoint, { identity });
  const options = { baseUrl: "s3://bucket", prefix: "", storeName: "s3", checksums: true, publicEndpoint };
  const backend = createBackend({ target, ...options });
  return (name: string, request: PresignRequest) => {
    if (backend.presign === undefined) throw new Error("it can't sign");
    return backend.presign(name, request);
  };
}

describe("a signed URL", () => {
  it.each(["GET", "PUT", "HEAD", "DELETE"] as const)(
    "for %s is made without a server, and binds no checksum",
    async (method) => {
      const signed = await presigner()(`p/${key}`, { method, key, expiresInSeconds: 60 });
      const url = new URL(signed.url);
      expect(url.origin + url.pathname).toBe("http://127.0.0.1:1/bucket/p/a%20b/c.bin");
      expect(url.searchParams.get("X-Amz-Expires")).toBe("60");
      expect(url.searchParams.get("X-Amz-SignedHeaders")).toBe("host");
      expect(signed.url).not.toMatch(/checksum|hush/i);
      expect(signed).toMatchObject({ method, headers: {} });
      expect(signed.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(60_000);
    },
  );

  it("names the public endpoint, which it is signed for", async () => {
    const signed = await presigner("https://files.example")("a", { method: "GET", key, expiresInSeconds: 60 });
    expect(new URL(signed.url).origin).toBe("https://files.example");
  });

  it("binds a content type that is asked for", async () => {
    const request = { method: "PUT", key, expiresInSeconds: 60, contentType: "image/png" } as const;
    const signed = await presigner()("a", request);
    expect(signed.headers).toEqual({ "content-type": "image/png" });
    expect(new URL(signed.url).searchParams.get("X-Amz-SignedHeaders")).toBe("content-type;host");
  });

  it("ends with the credentials that it is signed with", async () => {
    const expiration = new Date(Date.now() + 600_000);
    const signed = await presigner(undefined, expiration)("a", { method: "GET", key, expiresInSeconds: 3_600 });
    expect(signed.expiresAt).toEqual(expiration);
  });

  it("can't be valid for more than seven days", async () => {
    const refused = presigner()("a", { method: "GET", key, expiresInSeconds: 604_801 });
    await expect(refused).rejects.toMatchObject({ code: "unsupported", operation: "presign", key });
  });
});
