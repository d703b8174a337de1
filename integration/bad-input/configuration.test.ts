import { chmod, mkdir, writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import { isMortiseError } from "@mortise/core";
import { loadConfig } from "@mortise/core/node";
import { describe, expect, it } from "vitest";
import { createLab } from "../support/lab.ts";

const complete: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  file: { protocol: "file", location: "main" },
  s3: { protocol: "s3", endpoint: "s3.example.org", bucket: "b", location: "l" },
  gcs: { protocol: "gcs", bucket: "b", location: "l" },
  azure: { protocol: "azure", container: "c", location: "l" },
};

/** Keys that are another protocol's, misspelled, or nobody's. */
const wrongKeys: Readonly<Record<string, readonly string[]>> = {
  file: ["bucket", "endpoint", "container", "secure", "locaton", "region", "zz"],
  s3: ["container", "account_name", "token", "region", "bukcet", "zz"],
  gcs: ["endpoint", "access_key", "container", "zz"],
  azure: ["bucket", "endpoint", "secret_key", "zz"],
};

const cases = Object.entries(wrongKeys).flatMap(([protocol, keys]) => keys.map((key) => ({ protocol, key })));

async function problemsOf(store: object, more: object = {}): Promise<unknown> {
  await using lab = await createLab(() => ({ stores: { default: "m", m: store, ...more } }));
  return await loadConfig({ directory: lab.folder, environment: {} }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe.concurrent("bad configuration", () => {
  it.each(cases)("refuses the key $key for a $protocol store and names it", async ({ protocol, key }) => {
    const error = await problemsOf({ ...complete[protocol], [key]: "x" });
    expect(isMortiseError(error), String(error)).toBe(true);
    expect(String(error)).toContain(key);
    expect(String(error)).toContain("datajoint.json");
  });

  it.each(Object.entries(complete))("accepts the %s store that those cases start from", async (_, store) => {
    expect(await problemsOf(store)).toBeUndefined();
  });

  it.each([
    [{ hash_prefix: "a", schema_prefix: "a" }],
    [{ hash_prefix: "a", schema_prefix: "a/b" }],
    [{ filepath_prefix: "_hash/x" }],
    [{ hash_prefix: "_mortise" }],
    [{ schema_prefix: "../up" }],
  ])("refuses the prefixes %j", async (prefixes) => {
    const error = await problemsOf({ ...complete["file"], ...prefixes });
    expect(isMortiseError(error), String(error)).toBe(true);
  });

  it("refuses two stores at one place, or one inside the other", async () => {
    const file = { protocol: "file", location: "main" };
    expect(String(await problemsOf(file, { other: file }))).toMatch(/m[\s\S]*other/);
    expect(String(await problemsOf(file, { other: { protocol: "file", location: "main/inner" } }))).toMatch(/other/);
    const s3 = complete["s3"] ?? {};
    expect(isMortiseError(await problemsOf(s3, { other: { ...s3, location: "l/inner" } }))).toBe(true);
  });

  it("names every problem of a file in one error, each with its key", async () => {
    const error = await problemsOf({ protocol: "s3", subfolding: "two", token_length: "x" });
    for (const key of ["endpoint", "bucket", "location", "subfolding", "token_length"]) {
      expect(String(error)).toContain(key);
    }
  });

  it("says where a malformed file breaks", async () => {
    await using lab = await createLab();
    await writeFile(lab.path("datajoint.json"), '{\n  "stores": {bad\n}');
    const error: unknown = await loadConfig({ directory: lab.folder, environment: {} }).catch((e: unknown) => e);
    expect(isMortiseError(error)).toBe(true);
    expect(String(error)).toMatch(/datajoint\.json[\s\S]*(line 2|:2:)/);
  });

  it("warns of secrets that others can read, and shows none", async () => {
    await using lab = await createLab();
    await mkdir(lab.path(".secrets"), { mode: 0o700 });
    await writeFile(lab.path(".secrets", "database.password"), "canary-secret");
    await chmod(lab.path(".secrets", "database.password"), 0o644);
    const config = await loadConfig({ directory: lab.folder, environment: {} });
    expect(config.warnings.join("\n")).toMatch(/database\.password/);
    expect(`${config.warnings.join("\n")}${JSON.stringify(config.explain())}${inspect(config)}`).not.toContain(
      "canary-secret",
    );
  });

  it("names the package to install for a protocol without its plugin", async () => {
    await using lab = await createLab(() => ({ stores: { default: "m", m: complete["gcs"] } }));
    await using project = await lab.open();
    const table = project.schema("lab").manual("Item", "id : int32\n---\nvalue : <blob@>");
    const error: unknown = await table.insertOne({ id: 1, value: [1] }).catch((e: unknown) => e);
    expect(String(error)).toContain("npm install @mortise/store-gcs");
  });
});
