import { settingKeys } from "../config/keys/settings.ts";
import { builtInProtocols, storeKeys } from "../config/keys/stores.ts";
import type { ConfigKey } from "../plugin/contract.ts";

type Schema = Readonly<Record<string, unknown>>;

const types = { string: "string", boolean: "boolean", integer: "integer", integers: "array" };

function property(key: ConfigKey): Schema {
  return {
    description: key.secret === true ? `${key.description}. Secret: put it in .secrets/` : key.description,
    ...(key.allowed === undefined ? { type: [types[key.type], "null"] } : { enum: [...key.allowed, null] }),
    ...(key.type === "integers" ? { items: { type: "integer", minimum: 1 } } : {}),
    ...(key.default === undefined ? {} : { default: key.default }),
  };
}

function properties(keys: Iterable<ConfigKey>): Schema {
  return Object.fromEntries([...keys].map((key) => [key.name, property(key)]));
}

/** Settings by their dotted names, and nested by group: both may be written. */
function settings(keys: readonly ConfigKey[]): Schema {
  const result: Record<string, unknown> = { ...properties(keys) };
  const groups = Map.groupBy(
    keys.filter((key) => key.name.includes(".")),
    (key) => key.name.split(".")[0] ?? "",
  );
  for (const [group, members] of groups) {
    const inner = members.map((key) => ({ ...key, name: key.name.slice(group.length + 1) }));
    result[group] = { type: "object", properties: properties(inner) };
  }
  return result;
}

function storeSchema(protocol: string): Schema {
  const keys = [...storeKeys(protocol).values()].filter((key) => key.mortiseOnly !== true);
  const required = keys.filter((key) => key.required === true).map((key) => key.name);
  return {
    if: { properties: { protocol: { const: protocol } } },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema; nobody awaits it
    then: { properties: properties(keys), required, additionalProperties: false },
  };
}

/**
 * The JSON Schema (2020-12) of `datajoint.json`, made from the key tables, for editors: completion, descriptions and
 * the four protocols' keys. What needs more than one value, such as overlapping sections, only `loadConfig` checks.
 */
export function configSchema(): Schema {
  const shared = settingKeys.filter((key) => key.mortiseOnly !== true);
  const own = settingKeys.filter((key) => key.name.startsWith("database.") && key.mortiseOnly === true);
  const ownStoreKeys = builtInProtocols.flatMap((name) =>
    [...storeKeys(name).values()].filter((key) => key.mortiseOnly),
  );
  const backend = { enum: ["mysql", "postgresql", "sqlite", null], description: "Kind of database for Mortise" };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "datajoint.json",
    type: "object",
    properties: {
      ...settings(shared),
      stores: {
        type: "object",
        properties: { default: { type: "string" }, filepath_default: { type: "string" } },
        additionalProperties: {
          type: "object",
          required: ["protocol"],
          allOf: builtInProtocols.map(storeSchema),
        },
      },
      mortise: {
        type: "object",
        description: "What only Mortise knows; DataJoint for Python ignores it",
        properties: {
          database: {
            type: "object",
            properties: {
              backend,
              ...properties(own.map((key) => ({ ...key, name: key.name.slice("database.".length) }))),
            },
          },
          stores: { type: "object", additionalProperties: { type: "object", properties: properties(ownStoreKeys) } },
        },
        additionalProperties: false,
      },
    },
    patternProperties: { "^(?:mortise\\.)?stores\\.": {}, "^mortise\\.database\\.": {} },
  };
}
