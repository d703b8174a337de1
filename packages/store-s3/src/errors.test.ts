import { inspect } from "node:util";
import type { StoreError } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { errorBody, scriptedServer } from "./testing/server.ts";
import { backendOn, call, targetOn } from "./testing/target.ts";

/** What one operation rejects with when the server answers so. */
async function refusal(
  operation: "get" | "head" | "put" | "list" | "create" | "match",
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<StoreError> {
  await using server = await scriptedServer(() => ({ status, body, headers }));
  const backend = backendOn(targetOn(server.endpoint, { region: "us-east-1" }));
  try {
    if (operation === "get") await backend.get("a", call);
    else if (operation === "head") await backend.head("a", call);
    else if (operation === "list") await backend.list({ ...call, prefix: "", limit: 10 });
    else {
      const mode = operation === "create" ? "create" : operation === "match" ? { ifMatch: "1" } : "overwrite";
      await backend.put("a", new Uint8Array(3), { ...call, mode });
    }
  } catch (error) {
    return error as StoreError;
  } finally {
    await backend.close();
  }
  throw new Error("it was not refused");
}

describe("a refusal by S3", () => {
  it.each([
    ["get", 404, "NoSuchKey", "not-found", undefined],
    ["get", 404, "NoSuchBucket", "invalid-config", /create the bucket/],
    ["list", 404, "NoSuchBucket", "invalid-config", /create the bucket/],
    ["get", 403, "AccessDenied", "permission-denied", /s3:GetObject/],
    ["list", 403, "AccessDenied", "permission-denied", /s3:ListBucket/],
    ["get", 403, "InvalidAccessKeyId", "unauthenticated", /access_key/],
    ["get", 403, "SignatureDoesNotMatch", "unauthenticated", /secret_key/],
    ["get", 400, "ExpiredToken", "unauthenticated", /temporary credentials/],
    ["get", 403, "RequestTimeTooSkewed", "unauthenticated", /clock/],
    ["get", 416, "InvalidRange", "invalid-range", undefined],
    ["put", 400, "EntityTooLarge", "quota-exceeded", /smaller/],
    ["put", 403, "QuotaExceeded", "quota-exceeded", /delete objects/],
    ["put", 507, "XMinioStorageFull", "quota-exceeded", /quota/],
    ["put", 400, "BadDigest", "checksum-mismatch", /send it again/],
    ["put", 400, "XAmzContentSHA256Mismatch", "checksum-mismatch", /send it again/],
    ["put", 400, "KeyTooLongError", "invalid-key", /1024/],
    ["put", 409, "ExistingObjectIsDirectory", "invalid-key", /below another/],
    ["put", 409, "ObjectParentIsFile", "invalid-key", /below another/],
    ["put", 501, "NotImplemented", "unsupported", /checksum_mode/],
    ["create", 412, "PreconditionFailed", "already-exists", undefined],
    ["create", 304, "", "already-exists", undefined],
    ["match", 412, "PreconditionFailed", "precondition-failed", undefined],
    ["match", 404, "NoSuchKey", "precondition-failed", undefined],
    ["match", 404, "NoSuchBucket", "invalid-config", /create the bucket/],
  ] as const)("to %s with status %i and %s is %s", async (operation, status, code, expected, hint) => {
    const error = await refusal(operation, status, code === "" ? "" : errorBody(code));
    expect(error).toMatchObject({ code: expected, status, store: "s3" });
    if (hint !== undefined) expect(error.hint).toMatch(hint);
    if (code !== "") expect(error.message).toContain(code);
  });

  it.each([
    ["put", 503, "SlowDown", "rate-limited"],
    ["put", 500, "InternalError", "unavailable"],
    ["create", 409, "ConditionalRequestConflict", "unavailable"],
    ["put", 400, "RequestTimeout", "timeout"],
    ["put", 409, "ExistingObjectIsDirectory", "invalid-key"],
    ["get", 503, "", "unavailable"],
    ["get", 429, "", "rate-limited"],
  ] as const)(
    "to %s with status %i and %s is %s, and worth another attempt",
    async (operation, status, code, expected) => {
      const error = await refusal(operation, status, code === "" ? "" : errorBody(code));
      expect(error).toMatchObject({ code: expected, retryable: true });
    },
  );

  it.each([
    [404, {}, "not-found"],
    [403, {}, "permission-denied"],
    [403, { "x-minio-error-code": "InvalidAccessKeyId" }, "unauthenticated"],
    [400, {}, "protocol"],
    [412, {}, "precondition-failed"],
  ])("of HEAD, which has no body, is read from status %i and headers %j", async (status, headers, expected) => {
    expect(await refusal("head", status, "", headers)).toMatchObject({ code: expected, requestId: "R1" });
  });

  it.each([
    [301, errorBody("PermanentRedirect", "<Endpoint>lab.s3-eu-west-1.amazonaws.com</Endpoint>")],
    [307, errorBody("TemporaryRedirect")],
    [302, "<html>moved</html>"],
  ])(
    "with status %i sends nowhere: redirects are not followed, and the region is in the hint",
    async (status, body) => {
      const headers = { location: "http://127.0.0.1:1/", "x-amz-bucket-region": "eu-west-1" };
      const error = await refusal("get", status, body, headers);
      expect(error).toMatchObject({ code: "invalid-config", hint: /"eu-west-1"/, retryable: false });
    },
  );

  it("for another region than the one configured names the right one", async () => {
    const error = await refusal("get", 400, errorBody("AuthorizationHeaderMalformed", "<Region>eu-north-1</Region>"));
    expect(error).toMatchObject({ code: "invalid-config", hint: /"region" to "eu-north-1"/ });
  });

  it("that is none, such as a web server's, does not look like a missing object", async () => {
    expect(await refusal("get", 404, "<html>Not Found</html>")).toMatchObject({ code: "protocol", hint: /endpoint/ });
  });

  it("shows no key, also where the server quotes it", async () => {
    const body = errorBody("SignatureDoesNotMatch").replace("About", "AKIDEXAMPLE hush");
    const error = await refusal("get", 403, body);
    expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toMatch(/hush|AKIDEXAMPLE|Signature=/);
  });
});

describe("a success that is none", () => {
  it.each([
    ["put", errorBody("InternalError"), { etag: '"x"' }, "unavailable"],
    ["put", "", {}, "protocol"],
    ["get", "<html>log in</html>", {}, "protocol"],
    ["head", "", {}, "protocol"],
    ["list", "<html>log in</html>", {}, "protocol"],
    ["list", errorBody("InternalError"), {}, "unavailable"],
  ] as const)("is seen: %s with the body %j", async (operation, body, headers, expected) => {
    expect(await refusal(operation, 200, body, headers)).toMatchObject({ code: expected });
  });
});
