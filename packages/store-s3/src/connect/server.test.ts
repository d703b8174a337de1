import { describe, expect, it } from "vitest";
import { addressOf, defaultPathStyle, readServer, regionalEndpoint } from "./server.ts";

const site = { operation: "open", store: "s3" };

describe("an endpoint", () => {
  it.each([
    ["s3.amazonaws.com", undefined, true],
    ["s3.eu-west-1.amazonaws.com", "eu-west-1", false],
    ["s3-eu-west-1.amazonaws.com", "eu-west-1", false],
    ["s3.dualstack.us-west-2.amazonaws.com", "us-west-2", false],
    ["s3-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", false],
    ["s3.cn-north-1.amazonaws.com.cn", "cn-north-1", false],
    ["bucket.vpce-1a2b-5678.s3.us-east-1.vpce.amazonaws.com", "us-east-1", false],
  ])("%s is one of Amazon's, of region %s", (endpoint, region, global) => {
    expect(readServer(site, endpoint, true).aws).toMatchObject({ region, global });
  });

  it.each([
    "127.0.0.1:9000",
    "minio.lab.example",
    "https://s3.amazonaws.com.example.org",
    "s3.eu-central-003.backblazeb2.com",
  ])("%s is somebody else's", (endpoint) => {
    expect(readServer(site, endpoint, true).aws).toBeUndefined();
  });

  it("takes TLS unless it is told otherwise, and the scheme of a URL before all", () => {
    expect(readServer(site, "h:9000", true).endpoint).toBe("https://h:9000");
    expect(readServer(site, "h:9000", false).endpoint).toBe("http://h:9000");
    expect(readServer(site, "http://h:9000", true).endpoint).toBe("http://h:9000");
  });

  it.each([
    "https://key:hush@h",
    "https://h/bucket",
    "https://h?a=b",
    "file:///etc/passwd",
    "http://169.254.169.254",
    "http://[fe80::1]",
  ])("%s is refused, without showing what is secret in it", (endpoint) => {
    expect(() => readServer(site, endpoint, true)).toThrow(
      expect.objectContaining({
        code: "invalid-config",
        message: expect.not.stringContaining("hush") as string,
      }) as Error,
    );
  });
});

describe("the address of a bucket", () => {
  const amazon = readServer(site, "s3.amazonaws.com", true);

  it("is its own host at Amazon's, in its region", () => {
    const endpoint = regionalEndpoint(amazon, "eu-west-1");
    expect(addressOf(endpoint, "lab", defaultPathStyle(amazon, "lab"))).toEqual({
      origin: "https://lab.s3.eu-west-1.amazonaws.com",
      host: "lab.s3.eu-west-1.amazonaws.com",
      root: "/",
      pathStyle: false,
    });
  });

  it.each(["my.lab", "Lab", "my_lab"])("is a path where %s can't be part of a host with a certificate", (bucket) => {
    expect(defaultPathStyle(amazon, bucket)).toBe(true);
  });

  it("is a path at other servers, whose endpoint never changes", () => {
    const minio = readServer(site, "http://127.0.0.1:9000", true);
    expect(regionalEndpoint(minio, "eu-west-1")).toBe("http://127.0.0.1:9000");
    expect(addressOf(minio.endpoint, "lab", defaultPathStyle(minio, "lab"))).toMatchObject({
      origin: "http://127.0.0.1:9000",
      root: "/lab/",
    });
  });
});
