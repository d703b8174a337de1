import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { configOf, problemsOf } from "../../test/config-sources.ts";
import { isSecret, Secret } from "./secret.ts";

const s3 = { protocol: "s3", endpoint: "e", bucket: "b", location: "" };

function reveal(value: unknown): unknown {
  return isSecret(value) ? value.reveal() : value;
}

describe("the secrets directory", () => {
  it("A29: is left out if the file sets ignore_config_file, which is used otherwise", () => {
    const file = { ignore_config_file: true, safemode: false };
    const config = configOf({ file, secrets: { "database.user": "u" } });
    expect([config.get("safemode"), config.get("database.user")]).toEqual([false, undefined]);
  });

  it("A34: wins against the file, with a warning because Python does it the other way round", () => {
    const file = { stores: { m: { ...s3, access_key: "FROMFILE", secret_key: "k" } } };
    const config = configOf({ file, secrets: { "stores.m.access_key": "FROMSECRET" } });
    expect(reveal(config.get("stores.m.access_key"))).toBe("FROMSECRET");
    expect(config.warnings.join()).toContain("stores.m.access_key: secret /p/.secrets/stores.m.access_key has another");
    expect(config.warnings.join()).not.toMatch(/FROMFILE|FROMSECRET/);
    const same = configOf({ file, secrets: { "stores.m.access_key": "FROMFILE" } });
    expect(same.warnings.join()).not.toContain("has another value");
  });

  it("A35: loses white space at both ends", () => {
    const config = configOf({
      file: { stores: { m: { ...s3, access_key: "a" } } },
      secrets: { "stores.m.secret_key": "  SK \n" },
    });
    expect(reveal(config.get("stores.m.secret_key"))).toBe("SK");
  });

  it("A36: gives the database's user, above the file", () => {
    const config = configOf({ file: { "database.user": "fileuser" }, secrets: { "database.user": "su" } });
    expect(config.get("database.user")).toBe("su");
  });

  it("A37: loses to the environment", () => {
    const file = { "database.user": "fu" };
    const config = configOf({ env: { DJ_USER: "eu" }, file, secrets: { "database.user": "su" } });
    expect(config.get("database.user")).toBe("eu");
  });

  it("A38: makes an entry for a store that is nowhere else, which can't be used", () => {
    const config = configOf({ secrets: { "stores.n.token": "tk" } });
    const store = config.get("stores.n") as Record<string, unknown>;
    expect(Object.keys(store)).toEqual(["token"]);
    expect(reveal(store["token"])).toBe("tk");
    expect(config.stores.has("n")).toBe(false);
    expect(() => config.storeSpec("n")).toThrow("missing protocol");
  });

  it("A39: ignores files of other names", () => {
    const secrets = { "stores.a.b.c": "x", other: "x", ".gitignore": "*", "stores.a": "x" };
    const config = configOf({ secrets });
    expect(config.get("stores")).toEqual({});
    expect(config.warnings).toEqual([]);
  });

  it("A40: keeps line breaks inside a value", () => {
    const config = configOf({ secrets: { "database.password": "line1\nline2\n" } });
    expect(reveal(config.get("database.password"))).toBe("line1\nline2");
  });

  it.each(["default", "filepath_default"])("A41: refuses a secret of a store that is called %s", (name) => {
    const file = { stores: { default: "main", filepath_default: "main", main: s3 } };
    expect(problemsOf({ file, secrets: { [`stores.${name}.foo`]: "x" } })).toContain("names a store and can't be one");
  });

  it("holds keys of our own in files that Python skips", () => {
    const secrets = { "stores.m.access_key": "a", "stores.m.secret_key": "k", "mortise.stores.m.session_token": "t" };
    const config = configOf({ file: { stores: { default: "m", m: s3 } }, secrets });
    expect(reveal(config.storeSpec()["session_token"])).toBe("t");
    expect(problemsOf({ file: { stores: { m: s3 } }, secrets: { "stores.m.session_token": "t" } })).toContain(
      "write session_token as mortise.stores.m.session_token",
    );
  });
});

describe("problems", () => {
  it("never show what a secret or a misplaced value holds", () => {
    const text = problemsOf({
      file: { database: "mysql://u:SECRET@h", stores: { default: "m", m: { ...s3, secure: { x: "SHOWN" } } } },
      secrets: { "stores.m.token_length": "SECRET", "stores.m.access_key": "SECRET" },
      env: { DJ_STORES: '"SECRET"' },
    });
    expect(text).toContain("stores.m.token_length (secret /p/.secrets/stores.m.token_length): must be an integer");
    expect(text).not.toContain("SECRET");
  });
});

describe("secrets", () => {
  const config = configOf({
    file: { stores: { default: "z", z: { ...s3, access_key: "AKSECRET", secret_key: "SKSECRET" } } },
    secrets: { "database.password": "PWSECRET", "stores.n.token": "TKSECRET" },
  });

  it("A48: appear in no form of output", () => {
    const forms = [
      JSON.stringify(config),
      inspect(config, { depth: 20, showHidden: true }),
      JSON.stringify(config.storeSpec()),
      inspect(config.storeSpec(), { showHidden: true, depth: 20 }),
      inspect(config.database),
      JSON.stringify(config.explain()),
      JSON.stringify(config.get("stores")),
      config.warnings.join(),
    ];
    for (const form of forms) expect(form).not.toMatch(/SKSECRET|AKSECRET|PWSECRET|TKSECRET/);
    expect(JSON.stringify(config)).toContain('"stores.z.secret_key":"[secret]"');
  });

  it("print [secret] and are unwrapped by reveal only", () => {
    const secret = new Secret("value");
    const forms = [
      "in text: ".concat(secret as unknown as string),
      String(secret),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect([secret]),
    ];
    for (const form of forms) {
      expect(form).toContain("[secret]");
      expect(form).not.toContain("value");
    }
    expect(Object.values(secret)).not.toContain("value");
    expect(secret.reveal()).toBe("value");
    expect([isSecret(secret), isSecret("x"), isSecret(null)]).toEqual([true, false, false]);
  });
});
