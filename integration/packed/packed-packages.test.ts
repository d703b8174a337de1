import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const folder = await mkdtemp(join(tmpdir(), "mortise-packed-"));
const tarballs = join(folder, "tarballs");
const project = join(folder, "project");

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? ""}\n${stdout}\n${stderr}`);
  return stdout;
}

/** Each packed package's name and tarball, as a user would get them from the registry. */
async function packAll(): Promise<Readonly<Record<string, string>>> {
  run(process.execPath, [join(root, "scripts/build.ts")], root);
  await mkdir(tarballs);
  await mkdir(project);
  const packed: Record<string, string> = {};
  for (const name of await readdir(join(root, "packages"))) {
    run("npx", ["--yes", "pnpm@12", "pack", "--pack-destination", tarballs], join(root, "packages", name));
    const file = (await readdir(tarballs)).find(
      (entry) => entry.startsWith(`mortise-${name}-0`) || entry.startsWith(`mortise-${name}-1`),
    );
    if (file === undefined) throw new Error(`pnpm packed nothing for ${name}`);
    packed[`@mortise/${name}`] = `file:${join(tarballs, file)}`;
  }
  return packed;
}

const script = `
import { mkdirSync, writeFileSync } from "node:fs";
import { objectCodec } from "@mortise/codec-object";
import { blobCodec } from "@mortise/codec-blob";
import { sqlite } from "@mortise/db-sqlite";
import { openProject, type Row } from "@mortise/schema";
import { fileStore } from "@mortise/store-file";

mkdirSync("store", { recursive: true });
writeFileSync("datajoint.json", JSON.stringify({ stores: { default: "main", main: { protocol: "file", location: process.cwd() + "/store" } } }));
await using project = await openProject({ plugins: [fileStore, sqlite, blobCodec, objectCodec] });
const lab = project.schema("lab");
const Trial = lab.manual("Trial", \`
  trial_id : int32
  ---
  samples : <blob@>
  note    : <object@>
\`);
await Trial.insert([{ trial_id: 1, samples: new Float32Array([1, 2, 3]), note: new TextEncoder().encode("hello") }]);
const row: Row<typeof Trial> = await Trial.where({ trial_id: 1 }).fetchOne();
console.log(new TextDecoder().decode(await row.note.read()), row.trial_id);
`;

/** What says a database package that finds nobody: its driver was loaded, from the folder that discovery looked into. */
const databases = `
import { isMortiseError } from "@mortise/core";
import { openMysql } from "@mortise/db-mysql";
import { openPostgres } from "@mortise/db-postgres";
import { openProject } from "@mortise/schema";

const nobody = { host: "127.0.0.1:1", user: "alice", password: "secret" };
const refused = (work: Promise<unknown>) =>
  work.then(() => "opened", (error: unknown) => (isMortiseError(error) ? error.code : String(error)));
console.log("openMysql", await refused(openMysql(nobody)));
console.log("openPostgres", await refused(openPostgres(nobody)));
for (const backend of ["mysql", "postgresql"]) {
  const settings = { "database.backend": backend, "database.host": "127.0.0.1:1", "database.user": "alice" };
  await using project = await openProject({ discover: true, settings });
  console.log(backend, await refused(project.schema("lab").tableNames()));
}
`;

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/** A program that imports every entry of every package, with its types. */
async function importsOf(modules: string): Promise<string> {
  const lines: string[] = [];
  for (const name of (await readdir(modules)).sort()) {
    const manifest = JSON.parse(await readFile(join(modules, name, "package.json"), "utf8")) as Manifest;
    for (const entry of Object.keys(manifest.exports)) {
      const local = `entry${lines.length}`;
      const specifier = JSON.stringify(manifest.name + entry.slice(1));
      lines.push(`import * as ${local} from ${specifier};\nconsole.log(${specifier}, Object.keys(${local}).length);`);
    }
  }
  return lines.join("\n");
}

describe("the packages as they are published", () => {
  beforeAll(async () => {
    const packed = await packAll();
    await writeFile(
      join(project, "package.json"),
      JSON.stringify({
        name: "outside",
        private: true,
        type: "module",
        dependencies: packed,
        overrides: packed,
        devDependencies: { typescript: "^7.0.2", "@types/node": "^24.0.0" },
      }),
    );
    await writeFile(join(project, "main.ts"), script);
    await writeFile(join(project, "databases.ts"), databases);
    await writeFile(
      join(project, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          module: "nodenext",
          target: "es2024",
          lib: ["es2024", "esnext", "dom", "dom.iterable", "dom.asynciterable"],
          strict: true,
          noEmit: true,
          types: ["node"],
        },
        include: ["*.ts"],
      }),
    );
    run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], project);
    await writeFile(join(project, "entries.ts"), await importsOf(join(project, "node_modules/@mortise")));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("exports nothing that points to src, and ships no source", async () => {
    for (const name of await readdir(join(project, "node_modules/@mortise"))) {
      const place = join(project, "node_modules/@mortise", name);
      const manifest = JSON.parse(await readFile(join(place, "package.json"), "utf8")) as {
        readonly exports: unknown;
        readonly imports?: unknown;
      };
      expect(JSON.stringify(manifest.exports), name).not.toContain("./src/");
      expect(JSON.stringify(manifest.imports ?? {}), name).not.toMatch(/"default":"\.\/src/);
      const files = (await readdir(place)).sort();
      expect(files, name).toEqual(["LICENSE", "README.md", "dist", "package.json"]);
      const fixtures = (await readdir(join(place, "dist"), { recursive: true })).filter((file) =>
        /fixture|\.test\./.test(file),
      );
      expect(fixtures, name).toEqual([]);
    }
  });

  it("type-checks in an empty project outside the workspace, with library checks on", () => {
    expect(run(join(project, "node_modules/.bin/tsc"), ["-p", "."], project)).toBe("");
  });

  it("runs in an empty project outside the workspace", () => {
    expect(run(process.execPath, ["main.ts"], project)).toContain("hello 1");
  });

  it("can be imported, every entry of every package", () => {
    const lines = run(process.execPath, ["entries.ts"], project).trim().split("\n");
    const silent = lines.filter((line) => line.endsWith(" 0"));
    expect(silent.every((line) => line.includes("/register "))).toBe(true);
    for (const entry of ["@mortise/db-mysql 2", "@mortise/db-postgres 2", "@mortise/sql/server"])
      expect(lines).toContainEqual(expect.stringContaining(entry));
  });

  it("finds the databases and loads their drivers", () => {
    expect(run(process.execPath, ["databases.ts"], project).trim().split("\n")).toEqual([
      "openMysql unreachable",
      "openPostgres unreachable",
      "mysql unreachable",
      "postgresql unreachable",
    ]);
  });

  it("is good in the eyes of publint and of arethetypeswrong", async () => {
    for (const tarball of await readdir(tarballs)) {
      run(join(root, "node_modules/.bin/publint"), ["run", join(tarballs, tarball), "--strict"], root);
      run(join(root, "node_modules/.bin/attw"), [join(tarballs, tarball), "--profile", "esm-only", "--no-emoji"], root);
    }
  });
});
