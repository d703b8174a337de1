import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");
const guide = await readFile(join(root, "docs/write-a-store.md"), "utf8");
const blocks = [...guide.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map((match) => ({
  language: match[1] ?? "",
  file: match[2] ?? "",
  code: match[3] ?? "",
}));
const quoted = blocks.filter(({ language }) => language === "ts" || language === "json");

/** Lines without their indentation, so that a quoted member need not be indented as in its file. */
const lines = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");

describe("the guide for authors of stores", () => {
  it("quotes code", () => {
    expect(quoted.length).toBeGreaterThan(8);
  });

  it.each(quoted.map((block, index) => [index + 1, block.file, block.code] as const))(
    "has in its code block %i what is in %s",
    async (_, file, code) => {
      const source = lines(await readFile(join(root, file), "utf8"));
      let from = 0;
      // A line of `// …` stands for what is left out.
      for (const piece of code.split(/^\s*\/\/ …\n/m).map(lines)) {
        const at = source.indexOf(piece, from);
        expect(at, `${file} has no longer:\n${piece}`).toBeGreaterThanOrEqual(0);
        from = at + piece.length;
      }
    },
  );

  it("names only cases that the suite has", async () => {
    const { conformanceCases } = await import("@mortise/store-testkit");
    const ids = new Set(conformanceCases().map(({ id }) => id));
    const concerns = new Set([...ids].map((id) => id.split(".")[0]));
    const named = [...guide.matchAll(/`([a-z]+)\.([a-z0-9-]+)`/g)].filter(([, concern]) => concerns.has(concern));
    expect(named.length).toBeGreaterThan(15);
    expect(named.map(([text]) => text.slice(1, -1)).filter((id) => !ids.has(id))).toEqual([]);
  });
});
