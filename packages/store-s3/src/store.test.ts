import { inspect } from "node:util";
import { S3Client } from "@aws-sdk/client-s3";
import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { openS3Store } from "./store.ts";
import { scriptedServer } from "./testing/server.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "hush" };
const key = parseKey("a/b.bin");
const object = { headers: { etag: '"e1"', "last-modified": "Fri, 24 May 2013 00:00:00 GMT" }, body: "x" };

describe("opening a store", () => {
  it.each([
    [{ bucket: "" }, /no bucket name/],
    [{ bucket: "s3://lab" }, /no bucket name/],
    [{ bucket: "lab/project" }, /no bucket name/],
    [{ bucket: "lab--use1-az4--x-s3" }, /directory bucket/],
    [{ bucket: "lab", location: "a/../b" }, /location/],
    [{ bucket: "lab", endpoint: "https://AKIDEXAMPLE:hush@h" }, /credentials/],
    [{ bucket: "lab", endpoint: "http://169.254.169.254" }, /link-local/],
    [{ bucket: "lab", endpoint: "file:///srv" }, /http/],
    [{ bucket: "lab", endpoint: "http://h/lab" }, /path/],
    [{ bucket: "lab", publicEndpoint: "http://h/lab" }, /path/],
    [{ bucket: "lab", checksumMode: "always" as "required" }, /checksumMode/],
    [{ bucket: "lab", credentials: { ...credentials, secretAccessKey: "" } }, /incomplete credentials/],
  ])("is refused for %j", async (options, message) => {
    const failed = await openS3Store(options).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "invalid-config", message });
    expect(inspect(failed)).not.toContain("hush");
  });

  it("names its place, without slashes that mean nothing", async () => {
    await using server = await scriptedServer(() => ({ status: 404 }));
    const { endpoint } = server;
    await using store = await openS3Store({ endpoint, bucket: "lab", location: "/a//b/", credentials });
    expect([store.protocol, store.baseUrl]).toEqual(["s3", "s3://lab/a/b"]);
  });
});

describe("what is injected", () => {
  it("credentials may come from a provider, and objects are below the location", async () => {
    await using server = await scriptedServer(({ url }) => (url.includes("_mortise") ? { status: 404 } : object));
    const { endpoint } = server;
    const options = { endpoint, bucket: "lab", location: "project", credentials: () => Promise.resolve(credentials) };
    await using store = await openS3Store(options);
    expect((await store.head(key)).etag).toBe("e1");
    expect(server.requests.at(-1)?.url).toBe("/lab/project/a/b.bin");
    expect(server.requests.at(-1)?.headers.authorization).toContain("Credential=AKIDEXAMPLE/");
  });

  it("a client gives endpoint, region, path style and credentials, and makes no requests itself", async () => {
    await using server = await scriptedServer(({ url }) => (url.includes("_mortise") ? { status: 404 } : object));
    const client = new S3Client({ endpoint: server.endpoint, region: "lab-7", forcePathStyle: true, credentials });
    client.middlewareStack.add(() => () => Promise.reject(new Error("it was used")), { step: "initialize" });
    await using store = await openS3Store({ client, bucket: "lab" });
    expect((await store.head(key)).size).toBe(1);
    expect(server.requests.at(-1)?.headers.authorization).toMatch(/Credential=AKIDEXAMPLE\/\d{8}\/lab-7\/s3\//);
    client.destroy();
  });
});
