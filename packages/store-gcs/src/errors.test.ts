import type { HttpResponse } from "@mortise/store-kit/cloud";
import { describe, expect, it } from "vitest";
import { answerError, credentialsError } from "./errors.ts";
import { refusal } from "./testing/objects.ts";

const site = { operation: "put", store: "raw" };

function errorOf(status: number, reason: string, message?: string, headers: HttpResponse["headers"] = {}) {
  const { body } = refusal(status, reason, message);
  const answer: HttpResponse = {
    status,
    headers,
    bytes: undefined,
    chunks: (async function* () {})(),
    release: async () => {},
  };
  return answerError({ site }, answer, Buffer.from(JSON.stringify(body)));
}

describe("answers of Google", () => {
  it.each([
    ["authorization: Bearer ya29.canary/1+", "authorization: Bearer …"],
    ["?auth=Bearer%20ya29.canary&a=1", "?auth=Bearer …&a=1"],
    ["no route to /o?uploadType=resumable&upload_id=canary-1 here", "upload_id=… here"],
  ])("are shown without the secrets of the request that they quote: %s", (said, shown) => {
    const error = errorOf(403, said, said);
    expect(error.message).toContain(shown);
    expect(error.message).not.toContain("canary");
  });

  it.each([
    [403, "rateLimitExceeded", "", "rate-limited", true, "one object takes about one write a second"],
    [403, "userRateLimitExceeded", "", "rate-limited", true, ""],
    [
      403,
      "forbidden",
      "a@b does not have storage.objects.list access to the bucket.",
      "permission-denied",
      false,
      "storage.objects.list",
    ],
    [
      403,
      "forbidden",
      "Anonymous caller does not have storage.objects.get access",
      "permission-denied",
      false,
      "not public",
    ],
    [403, "accountDisabled", "", "permission-denied", false, "billing"],
    [
      400,
      "required",
      "Bucket is a requester pays bucket but no user project provided.",
      "invalid-config",
      false,
      "`project`",
    ],
    [401, "authError", "Invalid Credentials", "unauthenticated", false, "gcloud auth"],
    [404, "notFound", "The specified bucket does not exist.", "invalid-config", false, "create the bucket"],
    [404, "notFound", "No such object: lab/a", "not-found", false, ""],
    [408, "requestTimeout", "", "timeout", true, ""],
    [412, "conditionNotMet", "", "precondition-failed", false, ""],
    [429, "tooMany", "", "rate-limited", true, ""],
    [500, "backendError", "", "unavailable", true, ""],
    [503, "backendError", "", "unavailable", true, ""],
  ])("%i %s %s is %s", (status, reason, message, code, retryable, hint) => {
    const error = errorOf(status, reason, message);
    expect(error).toMatchObject({ code, retryable, status });
    expect(error.hint ?? "").toContain(hint);
  });

  it("carry the id that Google's support asks for", () => {
    expect(errorOf(500, "backendError", "", { "x-guploader-uploadid": "id7" }).requestId).toBe("id7");
  });

  it("are understood in XML and as text too", () => {
    const answer = (type: string, status: number): HttpResponse => ({
      status,
      headers: { "content-type": type },
      bytes: undefined,
      chunks: (async function* () {})(),
      release: async () => {},
    });
    const xml = "<?xml version='1.0'?><Error><Code>NoSuchBucket</Code><Message>x</Message></Error>";
    expect(answerError({ site }, answer("application/xml", 404), Buffer.from(xml)).code).toBe("invalid-config");
    expect(answerError({ site }, answer("text/plain", 404), Buffer.from("Not Found")).code).toBe("not-found");
    expect(answerError({ site }, answer("text/html", 502), Buffer.from("<html>")).code).toBe("unavailable");
  });
});

describe("credentials that give no token", () => {
  it.each([
    [
      "Could not load the default credentials. Browse to https://x",
      "unauthenticated",
      "gcloud auth application-default login",
    ],
    [
      "invalid_grant: Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.",
      "unauthenticated",
      "clock",
    ],
    ["invalid_grant: Token has been expired or revoked.", "unauthenticated", "renew"],
    ["request to https://oauth2.googleapis.com/token failed, reason: getaddrinfo ENOTFOUND", "unavailable", ""],
  ])("%s", (message, code, hint) => {
    const error = credentialsError(site, new Error(message));
    expect(error.code).toBe(code);
    expect(error.hint ?? "").toContain(hint);
  });

  it("keep secrets out of the cause", () => {
    const cause = Object.assign(new Error("failed: https://h/token?assertion=canary"), { config: { data: "canary" } });
    const error = credentialsError(site, cause);
    expect(JSON.stringify(error) + (error.cause as Error).message).not.toContain("canary");
    expect(Object.keys(error.cause as object)).not.toContain("config");
  });
});
