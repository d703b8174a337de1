import { describe, expect, it } from "vitest";
import { settingKeys } from "../config/keys/settings.ts";
import { protocolKeys } from "../config/keys/stores.ts";
import { configSchema } from "./config-schema.ts";

interface Node {
  readonly properties: Readonly<Record<string, Node>>;
  readonly additionalProperties: Node & { readonly allOf: readonly { readonly if: Node; readonly then: Node }[] };
  readonly required?: readonly string[];
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
}

describe("configSchema", () => {
  const schema = configSchema() as unknown as Node;

  it("has every setting, dotted and nested, but for those of the mortise block", () => {
    for (const { name, mortiseOnly } of settingKeys) expect(name in schema.properties).toBe(mortiseOnly !== true);
    expect(schema.properties["database"]?.properties["port"]).toMatchObject({ type: ["integer", "null"] });
    expect(schema.properties["loglevel"]?.enum).toContain("DEBUG");
  });

  it.each(Object.keys(protocolKeys))(
    "has the keys of %s that Python takes, and says which are required",
    (protocol) => {
      const { allOf } = schema.properties["stores"]?.additionalProperties ?? { allOf: [] };
      const rule = allOf[Object.keys(protocolKeys).indexOf(protocol)]?.then;
      for (const key of protocolKeys[protocol] ?? []) {
        expect(key.name in (rule?.properties ?? {})).toBe(key.mortiseOnly !== true);
        expect(rule?.required?.includes(key.name)).toBe(key.required === true);
      }
      expect(rule?.properties["token_length"]?.default).toBe(8);
    },
  );

  it("has our own keys in the mortise block", () => {
    const own = schema.properties["mortise"]?.properties;
    expect(Object.keys(own?.["database"]?.properties ?? {})).toEqual(["backend", "file"]);
    expect(Object.keys(own?.["stores"]?.additionalProperties.properties ?? {})).toContain("durability");
  });
});
