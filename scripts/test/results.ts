import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One test as vitest's JSON reporter tells it. */
export interface TestOutcome {
  readonly file: string;
  /** Suite names, outermost first. */
  readonly suites: readonly string[];
  readonly title: string;
  /** Suite names and title, joined by blanks. */
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped" | "pending" | "todo" | "disabled";
  /** What the test told its reporter. */
  readonly meta: Readonly<Record<string, unknown>>;
}

export interface TestRun {
  /** Whether vitest itself was content. */
  readonly ok: boolean;
  readonly outcomes: readonly TestOutcome[];
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly (Pick<TestOutcome, "title" | "status" | "meta"> & {
      readonly ancestorTitles: readonly string[];
      readonly fullName: string;
    })[];
  }[];
}

const root = join(import.meta.dirname, "../..");

/** Runs vitest in the terminal, with these filters, and reads what it reports. */
export async function runTests(filters: readonly string[]): Promise<TestRun> {
  const folder = await mkdtemp(join(tmpdir(), "mortise-test-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { status } = spawnSync(
    process.execPath,
    [join(root, "node_modules/vitest/vitest.mjs"), "run", ...reporters, ...filters],
    { cwd: root, stdio: "inherit" },
  );
  const outcomes = await readOutcomes(report).catch(() => []);
  await rm(folder, { recursive: true, force: true });
  return { ok: status === 0, outcomes };
}

/** A file that failed before its first test counts as one failed test: it must not vanish from the sum. */
async function readOutcomes(path: string): Promise<readonly TestOutcome[]> {
  const report = JSON.parse(await readFile(path, "utf8")) as Report;
  return report.testResults.flatMap((file): readonly TestOutcome[] => {
    if (file.assertionResults.length === 0 && file.status === "failed") {
      const title = `could not be run: ${file.message}`;
      return [{ file: file.name, suites: [], title, name: title, status: "failed", meta: {} }];
    }
    return file.assertionResults.map(({ ancestorTitles, title, fullName, status, meta }) => ({
      file: file.name,
      suites: ancestorTitles,
      title,
      name: fullName,
      status,
      meta,
    }));
  });
}

/** Tests that this machine could not run. */
export function notRunOf(outcomes: readonly TestOutcome[]): readonly TestOutcome[] {
  return outcomes.filter(({ status }) => status !== "passed" && status !== "failed");
}

/** Says loudly what was not run; nothing where everything was. */
export function describeNotRun(notRun: readonly TestOutcome[], ci: boolean): string {
  if (notRun.length === 0) return "";
  const verdict = ci ? ", which is a failure with CI=true" : "";
  const lines = notRun.map(({ name }) => `!!!   ${name}`);
  return [`\n!!! ${notRun.length} tests could not be run on this machine${verdict}:`, ...lines].join("\n");
}
