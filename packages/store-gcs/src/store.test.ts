import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { parseKey, Secret, silentLogger } from "@mortise/core";
import { afterAll, describe, expect, it } from "vitest";
import type { GcsStoreOptions } from "./options.ts";
import { gcsStore } from "./plugin.ts";
import { openGcsStore } from "./store.ts";
import { startGcsServer } from "./testing/gcs-server.ts";

const folder = await mkdtemp(join(tmpdir(), "mortise-gcs-"));
afterAll(() => rm(folder, { recursive: true }));

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const key = { type: "service_account", client_email: "robot@lab.example", private_key: privateKey, project_id: "lab" };
const client = { getAccessToken: () => Promise.resolve("token7") };

const refusal = async (options: Partial<GcsStoreOptions>): Promise<unknown> =>
  await openGcsStore({ bucket: "lab", ...options }).catch((error: unknown) => error);

describe("opening", () => {
  it.each<[string, Partial<GcsStoreOptions>, string]>([
    ["a bucket that is none", { bucket: "gs://lab" }, "no name of a bucket"],
    ["a location that leaves the bucket", { location: "a/../b" }, "the location can't be a prefix"],
    ["a file for an endpoint", { endpoint: "file:///etc" }, "http"],
    ["an endpoint with credentials", { endpoint: "https://me:canary@host" }, "must not hold credentials"],
    ["a link-local endpoint", { endpoint: "http://169.254.169.254" }, "link-local"],
    ["a key file that is not there", { token: join(folder, "none.json") }, "can't be read (ENOENT)"],
    ["a token in the clear", { endpoint: "http://storage.example", authClient: client }, "in the clear"],
    ["two credentials", { token: "anon", authClient: client }, "more than one"],
    ["a token of the browser", { token: "browser" }, "not supported"],
    ["text that is no key", { token: '{"private_key": "canary"' }, "not JSON"],
    ["a key without type", { credentials: { private_key: "canary" } }, "no type that is known"],
  ])("refuses %s", async (_what, options, found) => {
    const error = await refusal(options);
    expect(error).toMatchObject({ code: "invalid-config" });
    expect(String(error)).toContain(found);
    expect(inspect(error, { depth: 9 })).not.toContain("canary");
  });

  it("sends nothing to anybody", async () => {
    await using server = await startGcsServer();
    await using store = await openGcsStore({ bucket: "lab", endpoint: server.origin, location: "/a//b/" });
    expect(store.baseUrl).toBe("gs://lab/a/b");
    expect(server.seen).toEqual([]);
  });
});

describe("credentials", () => {
  it("of the environment never go to a server that is not Google's", async () => {
    await using server = await startGcsServer();
    await using store = await openGcsStore({ bucket: "lab", endpoint: server.origin });
    await store.put(parseKey("a"), new Uint8Array(3));
    expect(server.seen.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
  });

  it("that are named go to the server that is named", async () => {
    await using server = await startGcsServer();
    await using store = await openGcsStore({ bucket: "lab", endpoint: server.origin, authClient: client });
    await store.put(parseKey("a"), new Uint8Array(3));
    expect(new Set(server.seen.map(({ headers }) => headers.authorization))).toEqual(new Set(["Bearer token7"]));
  });

  it("and endpoint are taken from a Storage client", async () => {
    await using server = await startGcsServer();
    const storage = {
      authClient: client,
      apiEndpoint: server.origin,
      customEndpoint: true,
      useAuthWithCustomEndpoint: true,
    };
    await using store = await openGcsStore({ bucket: "lab", storage });
    await store.put(parseKey("a"), new Uint8Array(3));
    expect(server.seen.at(-1)?.headers.authorization).toBe("Bearer token7");
  });
});

describe("signed URLs", () => {
  it("are made without a request, from a key file, for the public endpoint", async () => {
    const path = join(folder, "key.json");
    await writeFile(path, JSON.stringify(key));
    const spec = {
      protocol: "gcs",
      bucket: "lab",
      location: "raw",
      token: new Secret(path),
      public_endpoint: "https://files.example",
    };
    await using store = await gcsStore.open(spec, { storeName: "raw", logger: silentLogger });
    const request = { method: "PUT", key: parseKey("a b/ü"), expiresInSeconds: 60, contentType: "x/y" } as const;
    const signed = await store.presign?.(request);
    const url = new URL(signed?.url ?? "");
    expect(url.origin + url.pathname).toBe("https://files.example/lab/raw/a%20b/%C3%BC");
    expect(url.searchParams.get("X-Goog-Expires")).toBe("60");
    expect(url.searchParams.get("X-Goog-SignedHeaders")).toBe("content-type;host");
    expect(signed).toMatchObject({ method: "PUT", headers: { "content-type": "x/y" } });
  });

  it("hold for seven days at most", async () => {
    await using store = await openGcsStore({ bucket: "lab", credentials: key });
    const signing = store.presign?.({ method: "GET", key: parseKey("a"), expiresInSeconds: 604_801 });
    await expect(signing).rejects.toMatchObject({ code: "unsupported" });
  });

  it("can't be made without credentials", async () => {
    await using store = await openGcsStore({ bucket: "lab", token: "anon" });
    expect(store.capabilities.presign.size).toBe(0);
  });
});
