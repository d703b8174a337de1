import { describe, expect, it } from "vitest";
import { configOf, problemsOf } from "../../test/config-sources.ts";
import { isSecret } from "./secret.ts";

describe("DJ_ variables", () => {
  it.each([
    ["A17", { DJ_HOST: "env" }, { "database.host": "file" }, "database.host", "env"],
    ["A18", { DJ_USE_TLS: "false" }, { "database.use_tls": true }, "database.use_tls", false],
    ["A19", { DJ_SAFEMODE: "false" }, { safemode: true }, "safemode", false],
    ["A20", { DJ_DOWNLOAD_PATH: "/env" }, { download_path: "/file" }, "download_path", "/env"],
    ["A21", { DJ_JOBS_KEEP_COMPLETED: "false" }, { "jobs.keep_completed": true }, "jobs.keep_completed", false],
    ["A22", { DJ_HOST: "" }, { "database.host": "file" }, "database.host", "file"],
    ["A23", { DJ_PORT: "" }, { "database.host": "h" }, "database.port", 3306],
    ["A25", { DJ_FOO: "1" }, { safemode: false }, "safemode", false],
  ])("%s: %j above the file's %j gives %s %j", (_id, env, file, key, expected) => {
    expect(configOf({ env, file }).get(key)).toBe(expected);
  });

  it("A24: never reads variables without the prefix", () => {
    const config = configOf({ env: { LIMIT: "99", WIDTH: "7", SHOW_TUPLE_COUNT: "false", CHARSET: "latin1" } });
    expect(config.get("display")).toMatchObject({ limit: 12, width: 14, show_tuple_count: true });
    expect(config.get("connection.charset")).toBe("");
    expect(configOf({ env: { DJ_LIMIT: "99" } }).get("display.limit")).toBe(12);
  });

  it.each(["1", "true", "TRUE", "on", "y", "t", "yes"])(
    "A26: DJ_IGNORE_CONFIG_FILE=%s ignores the file and the secrets",
    (value) => {
      const config = configOf({
        env: { DJ_IGNORE_CONFIG_FILE: value },
        file: { safemode: false },
        secrets: { "database.user": "u" },
      });
      expect([config.get("safemode"), config.get("database.user")]).toEqual([true, undefined]);
    },
  );

  it.each(["0", "false", "no", "off"])("A27: DJ_IGNORE_CONFIG_FILE=%s uses the file", (value) => {
    const config = configOf({ env: { DJ_IGNORE_CONFIG_FILE: value }, file: { safemode: false } });
    expect(config.get("safemode")).toBe(false);
  });

  it("A28: an empty DJ_IGNORE_CONFIG_FILE is unset, and maybe is an error", () => {
    expect(configOf({ env: { DJ_IGNORE_CONFIG_FILE: "" }, file: { safemode: false } }).get("safemode")).toBe(false);
    expect(problemsOf({ env: { DJ_IGNORE_CONFIG_FILE: "maybe" } })).toContain('must be true or false, found "maybe"');
  });

  it("sets whole groups as JSON, below the variable of a single key", () => {
    const env = { DJ_DATABASE: '{"host": "group", "user": "group"}', DJ_HOST: "single" };
    expect(configOf({ env }).database).toMatchObject({ host: "single", user: "group" });
  });

  it("finds variables whatever their case, and refuses two spellings with two values", () => {
    expect(configOf({ env: { dj_host: "h" } }).get("database.host")).toBe("h");
    expect(configOf({ env: { dj_host: "h", DJ_HOST: "h" } }).get("database.host")).toBe("h");
    expect(problemsOf({ env: { dj_host: "a", DJ_HOST: "b" } })).toContain("ambiguous: dj_host and DJ_HOST");
  });
});

describe("DJ_STORES", () => {
  const env = { DJ_STORES: '{"m":{"protocol":"s3","access_key":"E"}}' };
  const file = {
    stores: { default: "k", k: { protocol: "file", location: "/k" }, m: { protocol: "file", location: "/m" } },
  };
  const secrets = { "stores.m.access_key": "S", "stores.z.q": "S" };

  it("A30: replaces the file's stores and stays above secrets, which add what it does not have", () => {
    // The case's m lacks required keys, so it is completed here, and refused as it stands below.
    const rest = '"secret_key":"k","endpoint":"e","bucket":"b","location":""';
    const config = configOf({ env: { DJ_STORES: `{"m":{"protocol":"s3","access_key":"E",${rest}}}` }, file, secrets });
    const stores = config.get("stores") as Record<string, Record<string, unknown>>;
    expect(Object.keys(stores).toSorted()).toEqual(["m", "z"]);
    const { access_key, ...others } = stores["m"] ?? {};
    expect(isSecret(access_key) && access_key.reveal()).toBe("E");
    expect(others).toMatchObject({ protocol: "s3", bucket: "b" });
    const q = stores["z"]?.["q"];
    expect(isSecret(q) && q.reveal()).toBe("S");
    expect(config.defaultStore).toBeUndefined();
    expect(problemsOf({ env, file, secrets })).toContain("The s3 store is missing: endpoint, bucket, location");
  });

  it("A31: refuses invalid JSON and names the variable", () => {
    expect(problemsOf({ env: { DJ_STORES: "{x" } })).toContain("DJ_STORES is invalid JSON");
  });

  it.each(["[1]", "null", "5", '"x"'])("A32: refuses %s, which is no object", (text) => {
    expect(problemsOf({ env: { DJ_STORES: text } })).toContain("DJ_STORES must be a JSON object");
  });

  it("A33: leaves the file's stores if it is empty", () => {
    expect([...configOf({ env: { DJ_STORES: "" }, file }).stores.keys()]).toEqual(["k", "m"]);
  });
});

describe("DJ_STORES__STORE__KEY", () => {
  it("asks for the store that a misspelt name may mean", () => {
    const file = { "stores.archive.protocol": "file", "stores.archive.location": "/a" };
    const problems = problemsOf({ env: { DJ_STORES__ARCHVE__LOCATION: "/b" }, file });
    expect(problems).toContain('did you mean the store "archive"?');
  });

  const s3 = { protocol: "s3", endpoint: "e", bucket: "b", location: "" };
  const file = { stores: { default: "my-Store", "my-Store": s3 } };

  it("sets one key, whatever the case, with _ for -", () => {
    const env = {
      DJ_STORES__MY_STORE__BUCKET: "c",
      DJ_STORES__my_store__Secure: "off",
      DJ_STORES__MY_STORE__REGION: "r",
    };
    expect(configOf({ env, file }).storeSpec()).toMatchObject({ bucket: "c", secure: false, region: "r" });
  });

  it("reads other types than text as JSON", () => {
    const env = { DJ_STORES__MY_STORE__SUBFOLDING: "[2, 2]", DJ_STORES__MY_STORE__TOKEN_LENGTH: "6" };
    expect(configOf({ env, file }).storeSpec()).toMatchObject({ subfolding: [2, 2], token_length: 6 });
    expect(problemsOf({ env: { DJ_STORES__MY_STORE__SUBFOLDING: "2,2" }, file })).toContain("an array of integers");
  });

  it("makes a store that no other source has, and the default", () => {
    const env = { DJ_STORES__NEW__PROTOCOL: "file", DJ_STORES__NEW__LOCATION: "/n", DJ_STORES__DEFAULT: "new" };
    expect(configOf({ env }).storeSpec()).toMatchObject({ location: "/n" });
  });

  it("refuses a name that could mean two stores", () => {
    const two = { stores: { Main: { ...s3, location: "x" }, main: { ...s3, location: "y" } } };
    expect(problemsOf({ env: { DJ_STORES__MAIN__BUCKET: "c" }, file: two })).toContain(
      "ambiguous: could mean stores.Main.bucket or stores.main.bucket",
    );
  });

  it("finds a store with __ in its name, and says so if there is none", () => {
    const odd = { stores: { a__b: s3 } };
    expect(configOf({ env: { DJ_STORES__A__B__BUCKET: "c" }, file: odd }).get("stores.a__b.bucket")).toBe("c");
    expect(problemsOf({ env: { DJ_STORES__X__Y__Z: "c" }, file: odd })).toContain("names no store; there are: a__b");
  });

  it("shows no secret in a problem", () => {
    const text = problemsOf({ env: { DJ_STORES__MY_STORE__SECRET_KEY: "TOPSECRET" }, file });
    expect(text).toContain("Incomplete S3 credentials");
    expect(text).not.toContain("TOPSECRET");
  });
});
