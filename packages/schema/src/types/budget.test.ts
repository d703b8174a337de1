import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../../..");
const compiler = join(root, "node_modules/typescript/bin/tsc");

const tableCount = 100;
const attributesPerTable = 40;
/** Editors re-check on every key stroke: beyond this, completion in a real project becomes slow. */
const instantiationBudget = 2_000_000;

const types = [
  "int8",
  "int32       # a comment with words in it",
  "int64",
  "float64",
  "bool",
  "uuid",
  "json",
  "date",
  "datetime(6)",
  "varchar(255)  # it's text",
  "decimal(8, 3)",
  "enum('on', 'off', 'unknown')",
  "<blob>",
  "<npy@raw>   # a trace",
  "<object@>",
];

/** A table with its key, a foreign key to the table before it, and every way to write an attribute. */
function tableSource(index: number): string {
  const parent = index === 0 ? "" : `\n  -> T${index - 1}.proj(parent_${index}='id_${index - 1}')`;
  const attributes = Array.from({ length: attributesPerTable - 2 }, (_, column) => {
    const value = column % 7 === 3 ? " = null" : "";
    return `  attribute_${index}_${column}${value} : ${types[column % types.length]}`;
  });
  const text = `\n  # table ${index}\n  id_${index} : int32\n  ---${parent}\n${attributes.join("\n")}\n`;
  const references = index === 0 ? "" : `, { T${index - 1} }`;
  return `const T${index} = schema.manual("T${index}", \`${text}\`${references});`;
}

function projectSource(directory: string): string {
  const from = (file: string): string => relative(directory, join(here, file));
  const tables = Array.from({ length: tableCount }, (_, index) => tableSource(index));
  const uses = tables.map(
    (_, index) => `
export type R${index} = Row<typeof T${index}>;
export const r${index}: NewRow<typeof T${index}>["attribute_${index}_0"] = 1;
export const q${index} = T${index}.where({ id_${index}: [1, 2], attribute_${index}_1: { gt: 5 } }).proj("attribute_${index}_0");
export const f${index} = q${index}.fetch();`,
  );
  return `
import type { Schema, CodecsOf, NewRow, Row } from "${from("index.ts")}";
import type { plugins } from "${from("fixtures.test-d.ts")}";
declare const schema: Schema<CodecsOf<typeof plugins>>;
${tables.join("\n")}
${uses.join("\n")}
`;
}

/** What the compiler prints; its errors are part of the failure, because the exit status alone says nothing. */
async function compile(directory: string): Promise<string> {
  const command = [compiler, "-p", directory, "--extendedDiagnostics", "--singleThreaded"];
  const { stdout } = await promisify(execFile)(process.execPath, command).catch((error: Error & { stdout: string }) => {
    throw new Error(error.stdout.slice(0, 2_000), { cause: error });
  });
  return stdout;
}

it(`types ${tableCount} tables of ${attributesPerTable} attributes within ${instantiationBudget} instantiations`, async () => {
  const directory = await mkdtemp(join(tmpdir(), "mortise-budget-"));
  try {
    await writeFile(join(directory, "tables.mts"), projectSource(directory));
    const config = {
      extends: join(root, "tsconfig.base.json"),
      compilerOptions: { typeRoots: [join(root, "node_modules/@types")] },
      include: ["tables.mts"],
    };
    await writeFile(join(directory, "tsconfig.json"), JSON.stringify(config));
    const stdout = await compile(directory);
    const instantiations = Number(/^Instantiations:\s+(\d+)/m.exec(stdout)?.[1]);
    expect(instantiations).toBeGreaterThan(tableCount * attributesPerTable);
    expect(instantiations).toBeLessThanOrEqual(instantiationBudget);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}, 120_000);
