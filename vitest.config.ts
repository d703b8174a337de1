import { configDefaults, defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

const databases = "integration/databases";

/** The tests of the table layer and of its databases, on a server that the project starts and stops. */
function onServer(name: string, other: "mysql" | "postgresql"): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      // Types and the language of definitions are the same everywhere, but for what the cases ask of every database.
      include: [
        "packages/schema/src/{compile,declare,deletes,existing,fetch,objects,project,query,rows,transaction}/**/*.test.ts",
        "packages/schema/src/{names/names,definition/errors}.test.ts",
        `${databases}/**/*.test.ts`,
      ],
      // What only one database has is tried there alone: SQLite's in files of this name, the other server's in its folder.
      exclude: [...configDefaults.exclude, "**/sqlite-*.test.ts", `${databases}/${other}/**`],
      globalSetup: `${databases}/setup/${name}.setup.ts`,
      runner: `${databases}/setup/server-runner.ts`,
      testTimeout: 60_000,
      hookTimeout: 120_000,
      // Schemas of MySQL belong to the whole server: one file at a time.
      maxWorkers: 1,
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "examples/*/src/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "integration",
          include: ["integration/**/*.test.ts", "scripts/**/*.test.ts"],
          // Hostile texts are tried on SQLite as well; everything else of that folder needs a server.
          exclude: [...configDefaults.exclude, `${databases}/!(injection)/**`, "integration/python/**"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      onServer("mysql", "postgresql"),
      onServer("mariadb", "postgresql"),
      onServer("postgresql", "mysql"),
      onServer("postgresql-15", "mysql"),
      {
        test: {
          // DataJoint for Python beside Mortise; `npm run test:python` prints what the scenarios came to.
          name: "python",
          include: ["integration/python/**/*.test.ts"],
          globalSetup: "integration/python/environment/setup.ts",
          // They wait for Python and for servers most of the time.
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
