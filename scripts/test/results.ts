import { readFile } from "node:fs/promises";

/** One test as vitest's JSON reporter tells it. */
export interface TestOutcome {
  readonly file: string;
  /** Suite names and title, joined by blanks. */
  readonly name: string;
  readonly status: "passed" | "failed" | "skipped" | "pending" | "todo" | "disabled";
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: TestOutcome["status"] }[];
  }[];
}

/** A file that failed before its first test counts as one failed test: it must not vanish from the sum. */
export async function readOutcomes(path: string): Promise<readonly TestOutcome[]> {
  const report = JSON.parse(await readFile(path, "utf8")) as Report;
  return report.testResults.flatMap((file) =>
    file.assertionResults.length === 0 && file.status === "failed"
      ? [{ file: file.name, name: `could not be run: ${file.message}`, status: "failed" as const }]
      : file.assertionResults.map((test) => ({ file: file.name, name: test.fullName, status: test.status })),
  );
}
