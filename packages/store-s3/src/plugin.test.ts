import { defaultRegistry, Secret, silentLogger } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { s3Store } from "./plugin.ts";
import { scriptedServer } from "./testing/server.ts";

const context = { storeName: "raw", logger: silentLogger };

describe("the s3 plugin", () => {
  it("is in the default registry once its register module is imported", async () => {
    await import("./register.ts");
    expect(defaultRegistry().store("s3")).toBe(s3Store);
  });

  it("keeps what only Mortise knows out of the shared configuration", () => {
    expect(s3Store.keys.filter((key) => key.mortiseOnly !== true)).toEqual([]);
  });

  it("opens what the configuration names, without TLS where it says so", async () => {
    await using server = await scriptedServer(() => ({ status: 404 }));
    const spec = {
      protocol: "s3",
      endpoint: server.endpoint.replace("http://", ""),
      secure: false,
      bucket: "lab",
      location: "project",
      access_key: new Secret("AKIDEXAMPLE"),
      secret_key: new Secret("hush"),
      session_token: new Secret("token"),
      region: "lab-7",
      path_style: null,
      checksum_mode: null,
      profile: null,
      proxy_server: "unused",
    };
    await using store = await s3Store.open(spec, context);
    expect(store.baseUrl).toBe("s3://lab/project");
    await expect(store.head("a" as never)).rejects.toMatchObject({ code: "not-found", store: "raw" });
    expect(server.requests.at(-1)?.headers["x-amz-security-token"]).toBe("token");
    expect(server.requests.at(-1)?.headers.authorization).toContain("/lab-7/s3/");
  });

  it("refuses half of a pair of keys", async () => {
    const spec = { protocol: "s3", endpoint: "127.0.0.1:1", bucket: "lab", access_key: new Secret("AKIDEXAMPLE") };
    await expect(s3Store.open(spec, context)).rejects.toMatchObject({ code: "invalid-config", store: "raw" });
  });
});
