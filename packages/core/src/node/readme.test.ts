import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { settingKeys } from "../config/keys/settings.ts";
import { commonStoreKeys, protocolKeys } from "../config/keys/stores.ts";

const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");

function rowOf(name: string, description: string): string | undefined {
  return readme.split("\n").find((line) => line.includes(`\`${name}\``) && line.endsWith(`| ${description} |`));
}

describe("README", () => {
  it.each(settingKeys.filter((key) => !key.description.includes("Python only")))(
    "describes the setting $name as its table does",
    ({ name, description, env, type }) => {
      expect(rowOf(name, description)).toContain(`| ${type} |`);
      if (env !== undefined) expect(rowOf(name, description)).toContain(`\`${env}\``);
    },
  );

  it.each([
    ...commonStoreKeys.map((key) => ({ protocol: "all", ...key })),
    ...Object.entries(protocolKeys).flatMap(([protocol, keys]) => keys.map((key) => ({ protocol, ...key }))),
  ])("describes the key $name of $protocol stores as its table does", ({ protocol, name, type, description }) => {
    const row = readme.split("\n").find((line) => line.startsWith(`| ${protocol} | \`${name}\``));
    expect(row).toMatch(new RegExp(`\\| ${type} \\|`));
    expect(row).toContain(`| ${description} |`);
  });
});
