import { describe, expect, it } from "vitest";
import { endpointUrl } from "./endpoint.ts";

describe("endpointUrl", () => {
  it.each([
    ["B31", "m:9000", false, "http://m:9000"],
    ["B32", "https://m:9000", false, "https://m:9000"],
    ["B32", "http://m:9000/", true, "http://m:9000"],
    ["B31", "s3.amazonaws.com", true, "https://s3.amazonaws.com"],
    ["B31", "localhost", false, "http://localhost"],
  ])("%s: makes of %s with secure=%s %s", (_id, endpoint, secure, url) => {
    expect(endpointUrl(endpoint, secure)).toBe(url);
  });

  it.each([
    ["user:PW@host", "credentials"],
    ["https://user:PW@host", "credentials"],
    ["https://host/bucket", "path"],
    ["https://host?x=1", "query"],
    ["https://host#x", "query"],
    ["ftp://host", "http or https"],
    ["", "host[:port]"],
    ["a b", "host[:port]"],
    ["169.254.169.254", "link-local"],
    ["http://2852039166", "link-local"],
    ["http://[fe80::1]:9000", "link-local"],
    ["http://[::ffff:169.254.169.254]", "link-local"],
  ])("refuses %s without showing a password", (endpoint, message) => {
    expect(() => endpointUrl(endpoint)).toThrow(message);
    expect(() => endpointUrl(endpoint)).not.toThrow("PW");
  });
});
