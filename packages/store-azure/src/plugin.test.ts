import type { StoreSpec } from "@mortise/core";
import { defaultRegistry, Secret, silentLogger } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { azureStore } from "./plugin.ts";

const accountKey = new Secret(Buffer.from("canary").toString("base64"));
const connectionString = (key = accountKey.reveal()): Secret =>
  new Secret(`AccountName=lab1;AccountKey=${key};EndpointSuffix=core.windows.net`);
const open = (spec: Omit<StoreSpec, "protocol">) =>
  azureStore.open(
    { protocol: "azure", container: "raw", location: "a b/c", ...spec },
    { storeName: "main", logger: silentLogger },
  );

describe("the plugin", () => {
  it("is in the default registry once its register module is imported", async () => {
    await import("./register.ts");
    expect(defaultRegistry().store("azure")).toBe(azureStore);
  });

  it.each<[string, Omit<StoreSpec, "protocol">]>([
    ["name and key", { account_name: "lab1", account_key: accountKey }],
    ["a connection string", { connection_string: connectionString() }],
    [
      "both, where they agree",
      { account_name: "lab1", account_key: accountKey, connection_string: connectionString() },
    ],
    ["a name alone", { account_name: "lab1", account_key: null, connection_string: null }],
  ])("opens a store with %s, without any request", async (_, spec) => {
    await using store = await open(spec);
    expect([store.protocol, store.baseUrl]).toEqual(["azure", "az://raw/a%20b/c"]);
  });

  it.each<[string, Omit<StoreSpec, "protocol">, RegExp]>([
    ["no account", {}, /no storage account/],
    ["a key without a name", { account_key: accountKey }, /no storage account/],
    ["two accounts", { account_name: "lab2", connection_string: connectionString() }, /two accounts/],
    ["two keys", { account_key: accountKey, connection_string: connectionString("b3RoZXI=") }, /differ/],
    ["a wrong container", { container: "Raw_1", account_name: "lab1" }, /no name of a container/],
    ["a wrong location", { location: "../x", account_name: "lab1" }, /can't be a prefix/],
  ])("refuses %s, and shows no secret", async (_, spec, message) => {
    const thrown: unknown = await open(spec).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: "invalid-config", store: "main", message });
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain(accountKey.reveal());
  });
});
