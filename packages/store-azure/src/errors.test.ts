import { describe, expect, it } from "vitest";
import { answerError } from "./errors.ts";

const site = { operation: "put", store: "raw" };
const error = (status: number, code: string, text = "", headers: Record<string, string> = {}) =>
  answerError(site, {
    status,
    headers: { "x-ms-error-code": code, "x-ms-request-id": "r-1", ...headers },
    bytes: new TextEncoder().encode(text),
  });

describe("the service's errors", () => {
  it.each<[number, string, string, boolean, RegExp | undefined]>([
    [404, "BlobNotFound", "not-found", false, undefined],
    [404, "ContainerNotFound", "invalid-config", false, /az storage container create/],
    [403, "AuthorizationPermissionMismatch", "permission-denied", false, /Storage Blob Data Contributor/],
    [403, "AuthorizationFailure", "permission-denied", false, /firewall/],
    [403, "KeyBasedAuthenticationNotPermitted", "permission-denied", false, /allows keys/],
    [403, "AccountIsDisabled", "permission-denied", false, /what they may do/],
    [401, "InvalidAuthenticationInfo", "unauthenticated", false, /log in/],
    [503, "ServerBusy", "unavailable", true, undefined],
    [500, "OperationTimedOut", "unavailable", true, undefined],
    [500, "InternalError", "unavailable", true, undefined],
    [429, "TooManyRequests", "rate-limited", true, undefined],
    [400, "Md5Mismatch", "checksum-mismatch", true, undefined],
    [400, "InvalidBlockList", "not-found", false, /completed or aborted/],
    [400, "InvalidBlobOrBlock", "unsupported", false, /delete the object/],
    [409, "BlobArchived", "unsupported", false, /rehydrate/],
    [418, "SomethingNew", "unknown", false, undefined],
    [599, "SomethingNew", "unavailable", true, undefined],
  ])("%i %s is %s", (status, code, expected, retryable, hint) => {
    const found = error(status, code);
    expect(found).toMatchObject({ code: expected, retryable, status, requestId: "r-1", message: new RegExp(code) });
    if (hint !== undefined) expect(found.hint).toMatch(hint);
  });

  it("tell a wrong clock from a wrong key and from an expired signature", () => {
    const now = { date: new Date().toUTCString() };
    const hourAgo = { date: new Date(Date.now() - 3_600_000).toUTCString() };
    expect(error(403, "AuthenticationFailed", "", hourAgo)).toMatchObject({
      message: /clock differs.*60 minutes/,
      hint: /NTP/,
    });
    expect(error(403, "AuthenticationFailed", "Request date header too old", now)).toMatchObject({ hint: /NTP/ });
    expect(error(403, "AuthenticationFailed", "The MAC signature found is not the same", now)).toMatchObject({
      code: "unauthenticated",
      hint: /account_key/,
    });
    expect(error(403, "AuthenticationFailed", "Signed expiry time [x] must be after", now)).toMatchObject({
      hint: /new one/,
    });
  });

  it("show nothing of the answer's text, which may quote the signature that was sent", () => {
    const found = error(403, "AuthenticationFailed", "The MAC signature 'canary' … 'PUT\n\ncanary'");
    expect(JSON.stringify(found) + String(found)).not.toContain("canary");
  });
});
